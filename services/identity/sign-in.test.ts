import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { accessRevoked } from "#shared/hints.ts";
import { aPassword, anEmail, aUser, by, signIn } from "./builders.ts";
import identity from "./identity.service.ts";

const unauthorized = { code: 401, type: "UNAUTHORIZED" };
const tooMany = { code: 429, type: "TOO_MANY_REQUESTS" };

let bus: Broker;
beforeEach(async () => {
  bus = await startBus(identity);
});

const fail = async (email: string, times: number, address?: string) => {
  const codes: number[] = [];
  for (let time = 0; time < times; time += 1) {
    await signIn(bus, email, "not the password", address).catch((error: unknown) => {
      codes.push((error as { code: number }).code);
    });
  }
  return codes;
};

test("F225: a user signs in by e-mail, whatever its case, and gets what the role may do", async () => {
  const email = anEmail();
  const { id } = await aUser(bus, { email, role: "supervisor" });

  const signedIn = await signIn(bus, email.toUpperCase());
  const actor = await bus.call("identity.verify", { token: signedIn.accessToken });

  expect(signedIn).toMatchObject({ expiresIn: 600, user: { id, email, role: "supervisor" } });
  expect(actor).toMatchObject({ kind: "user", id, role: "supervisor", name: "Ada Agent" });
  expect(actor.permissions).toContain("customers.block");
  expect(actor.permissions).not.toContain("users.manage");
});

test("a wrong password and an unknown user get the same answer", async () => {
  const { email } = await aUser(bus);

  const wrong = await signIn(bus, email, "not the password").catch((error: unknown) => error);
  const unknown = await signIn(bus, anEmail()).catch((error: unknown) => error);

  const told = ({ message, code, type, data }: never) => ({ message, code, type, data });
  expect(told(wrong as never)).toMatchObject(unauthorized);
  expect(told(unknown as never)).toEqual(told(wrong as never));
});

test("a disabled user gets the answer of a wrong password", async () => {
  const { id, email, version } = await aUser(bus);
  await bus.call("identity.changeUser", { id, version, disabled: true }, as("administrator"));

  const refused = signIn(bus, email);

  await expect(refused).rejects.toMatchObject({
    ...unauthorized,
    message: "The e-mail or the password is wrong",
  });
});

test.each(["a known", "an unknown"])(
  "after five failures %s account is refused with 429, even with the right password",
  async (which) => {
    const email = which === "a known" ? (await aUser(bus)).email : anEmail();

    const codes = await fail(email, 6);
    const refused = signIn(bus, email.toUpperCase());

    expect(codes).toEqual([401, 401, 401, 401, 401, 429]);
    await expect(refused).rejects.toMatchObject(tooMany);
    const { data } = (await refused.catch((error: unknown) => error)) as never;
    const { retryAfterSeconds } = data as { retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(890);
    expect(retryAfterSeconds).toBeLessThanOrEqual(900);
  },
);

test("the right password within the limit works, and is not counted", async () => {
  const { email } = await aUser(bus);
  await fail(email, 4);

  await signIn(bus, email);
  await signIn(bus, email);
  const codes = await fail(email, 2);

  expect(codes).toEqual([401, 429]);
});

test("an account opens again when the 15 minutes are over", async () => {
  const { email } = await aUser(bus);
  await fail(email, 6);
  await nativeOf(database("identity"), "attempts").updateMany({}, { $set: { until: new Date() } });

  const signedIn = await signIn(bus, email);
  const codes = await fail(email, 6);

  expect(signedIn.user.email).toBe(email);
  expect(codes).toEqual([401, 401, 401, 401, 401, 429]);
});

test("one address may fail five times, whatever accounts it tries", async () => {
  const { email } = await aUser(bus);
  const address = "192.0.2.1";
  for (let time = 0; time < 5; time += 1) await fail(anEmail(), 1, address);

  const sameAddress = signIn(bus, email, aPassword, address);
  await expect(sameAddress).rejects.toMatchObject(tooMany);
  const elsewhere = signIn(bus, email, aPassword, "192.0.2.2");
  await expect(elsewhere).resolves.toMatchObject({ user: { email } });
});

test("many guesses at once are counted each", async () => {
  const { email } = await aUser(bus);

  const guesses = await Promise.allSettled(
    Array.from({ length: 20 }, () => signIn(bus, email, "not the password")),
  );

  const codes = guesses.map((one) => (one as { reason?: { code: number } }).reason?.code);
  expect(codes.filter((code) => code === 401)).toHaveLength(5);
  expect(codes.filter((code) => code === 429)).toHaveLength(15);
});

test("many right sign-ins at once all work", async () => {
  const { email } = await aUser(bus);

  const all = await Promise.all(
    Array.from({ length: 12 }, () => signIn(bus, email, aPassword, "192.0.2.9")),
  );

  expect(new Set(all.map((one) => one.refreshToken)).size).toBe(12);
});

test("a refresh token brings new tokens for the same session", async () => {
  const { email, id } = await aUser(bus);
  const first = await signIn(bus, email);

  const second = await bus.call("identity.refresh", { refreshToken: first.refreshToken });

  const before = await bus.call("identity.verify", { token: first.accessToken });
  const after = await bus.call("identity.verify", { token: second.accessToken });
  expect(second.refreshToken).not.toBe(first.refreshToken);
  expect(second.user.id).toBe(id);
  expect(after.sessionId).toBe(before.sessionId);
});

test("a refresh token that comes a second time ends the session for both", async () => {
  const { email, id } = await aUser(bus);
  const first = await signIn(bus, email);
  const other = await signIn(bus, email);
  const second = await bus.call("identity.refresh", { refreshToken: first.refreshToken });

  const elsewhere = { meta: { address: "198.51.100.1" } };
  const again = { refreshToken: first.refreshToken };
  const reused = bus.call("identity.refresh", again, elsewhere);
  await expect(reused).rejects.toMatchObject(unauthorized);

  const successor = bus.call("identity.refresh", { refreshToken: second.refreshToken });
  await expect(successor).rejects.toMatchObject(unauthorized);
  const access = bus.call("identity.verify", { token: second.accessToken });
  await expect(access).rejects.toMatchObject(unauthorized);
  await expect(by(bus, other.accessToken)).resolves.toMatchObject({ meta: { actor: { id } } });
  expect((await announced("identity", "identity.sessionsRevoked")).at(-1)).toMatchObject({
    data: { userId: id },
    changes: [{ field: "ended", old: null, new: "its refresh token was reused" }],
  });
});

test("an unknown refresh token is refused", async () => {
  const refused = bus.call("identity.refresh", { refreshToken: "nobody-has-this-one" });

  await expect(refused).rejects.toMatchObject(unauthorized);
});

test("a session that nobody refreshed for 30 days is over", async () => {
  const { email } = await aUser(bus);
  const { accessToken, refreshToken } = await signIn(bus, email);
  await nativeOf(database("identity"), "sessions").updateMany(
    {},
    { $set: { expiresAt: new Date() } },
  );

  const refreshed = bus.call("identity.refresh", { refreshToken });
  await expect(refreshed).rejects.toMatchObject(unauthorized);
  const verified = bus.call("identity.verify", { token: accessToken });
  await expect(verified).rejects.toMatchObject(unauthorized);
});

test("signing out ends the session at once and tells those who remember it", async () => {
  const heard: unknown[] = [];
  (bus as unknown as { createService: (schema: object) => void }).createService({
    name: "listener",
    events: { [accessRevoked]: (ctx: { params: unknown }) => void heard.push(ctx.params) },
  });
  const { email, id } = await aUser(bus);
  const { accessToken, refreshToken } = await signIn(bus, email);
  const caller = await by(bus, accessToken);

  await bus.call("identity.signOut", {}, caller);

  const verified = bus.call("identity.verify", { token: accessToken });
  await expect(verified).rejects.toMatchObject(unauthorized);
  const refreshed = bus.call("identity.refresh", { refreshToken });
  await expect(refreshed).rejects.toMatchObject(unauthorized);
  expect(heard).toEqual([{ sessionId: caller.meta.actor?.sessionId }]);
  expect((await announced("identity", "identity.sessionsRevoked")).at(-1)).toMatchObject({
    actor: { kind: "user", id },
    data: { userId: id },
  });
});

test("signing out needs somebody who has signed in", async () => {
  await expect(bus.call("identity.signOut")).rejects.toMatchObject(unauthorized);
});

test("neither passwords nor tokens are kept", async () => {
  const { email } = await aUser(bus);
  const meta = { commandId: "the-same-command" };
  const signedIn = await bus.call("identity.signIn", { email, password: aPassword }, { meta });
  const { refreshToken } = signedIn;
  const next = await bus.call("identity.refresh", { refreshToken }, { meta });

  const { db } = database("identity");
  const kept = await Promise.all((await db!.collections()).map((one) => one.find().toArray()));

  const all = JSON.stringify(kept);
  for (const secret of [aPassword, signedIn.accessToken, refreshToken, next.refreshToken]) {
    expect(all).not.toContain(secret);
  }
});
