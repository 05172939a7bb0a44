import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import type { User } from "#shared/contracts/identity.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { anEmail, aUser, by, signIn } from "./builders.ts";
import identity from "./identity.service.ts";

process.env["PASSWORD_RESET_URL"] = "https://desk.example/reset";

const newPassword = "another good password";
const unknown = { code: 404, type: "NOT_FOUND", message: "There is no such password reset" };

/** E-mails that notifications was asked to send. */
const queued: object[] = [];
const notifications = standIn("notifications", {
  queueMail: ({ params }) => void queued.push(params),
});

let bus: Broker;
let user: User;
beforeEach(async () => {
  queued.length = 0;
  bus = await startBus(identity, notifications);
  user = await aUser(bus);
});

const ask = (email: string, address?: string) =>
  bus.call("identity.requestPasswordReset", { email }, { meta: address ? { address } : {} });
const confirm = (token: string) => bus.call("identity.resetPassword", { token, newPassword });
const compose = (to: string) => bus.call("identity.composePasswordReset", { to });

/** Asks for a reset and reads the e-mail that would go out. */
async function letter(email = user.email) {
  await ask(email);
  const { to = "", subject = "", text = "" } = (await compose(email)) ?? {};
  const token = /^https:\/\/desk\.example\/reset#token=([\w-]{43})$/m.exec(text)?.[1] ?? "";
  return { text, subject, to, token };
}

test("Passwords, tokens: a forgotten password is replaced by the link in an e-mail", async () => {
  const { accessToken, refreshToken } = await signIn(bus, user.email);
  const { token, subject, to } = await letter(user.email.toUpperCase());

  await confirm(token);

  expect(subject).toBe("Your new password");
  expect(to).toBe(user.email);
  const domain = user.email.toUpperCase().split("@")[0];
  expect(queued).toEqual([{ kind: "passwordReset", to: expect.stringContaining(String(domain)) }]);
  await expect(signIn(bus, user.email, newPassword)).resolves.toBeDefined();
  await expect(signIn(bus, user.email)).rejects.toMatchObject({ code: 401 });
  await expect(by(bus, accessToken)).rejects.toMatchObject({ code: 401 });
  const refreshed = bus.call("identity.refresh", { refreshToken });
  await expect(refreshed).rejects.toMatchObject({ code: 401 });
  expect((await announced("identity", "identity.userChanged")).at(-1)).toMatchObject({
    actor: { kind: "user", id: user.id },
    changes: [{ field: "password", old: null, new: null }],
  });
});

test("Passwords, tokens: the e-mail is in the user's language", async () => {
  const { accessToken } = await signIn(bus, user.email);
  await bus.call("identity.changeMe", { language: "es" }, await by(bus, accessToken));

  const { subject, text, token } = await letter();

  expect(subject).toBe("Tu nueva contraseña");
  expect(text).toContain("próximos 30 minutos");
  expect(token).toHaveLength(43);
});

test("Passwords, tokens: a token of a reset works once, also for many at once", async () => {
  const { token } = await letter();

  const all = await Promise.allSettled([confirm(token), confirm(token), confirm(token)]);

  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(confirm(token)).rejects.toMatchObject(unknown);
});

test("Passwords, tokens: a token is worthless after 30 minutes", async () => {
  const { token } = await letter();
  const resets = nativeOf<{ expiresAt: Date }>(database("identity"), "passwordResets");
  const kept = await resets.find({ userId: user.id }).toArray();
  await resets.updateMany({}, { $set: { expiresAt: new Date() } });

  await expect(confirm(token)).rejects.toMatchObject(unknown);

  const left = kept[0]!.expiresAt.getTime() - Date.now();
  expect(left).toBeGreaterThan(29 * 60_000);
  expect(left).toBeLessThanOrEqual(30 * 60_000);
  await expect(signIn(bus, user.email)).resolves.toBeDefined();
});

test("Passwords, tokens: a token is worthless once the password or the role is another", async () => {
  const first = await letter();
  const second = await letter();
  await confirm(second.token);

  await expect(confirm(first.token)).rejects.toMatchObject(unknown);
});

test("Passwords, tokens: a disabled user gets no e-mail, and a token from before is worthless", async () => {
  const { token } = await letter();
  const change = { id: user.id, version: 1, disabled: true };
  await bus.call("identity.changeUser", change, as("administrator"));

  await ask(user.email);

  expect(await compose(user.email)).toBeNull();
  await expect(confirm(token)).rejects.toMatchObject(unknown);
});

test("Passwords, tokens: an unknown user gets the same answer, does the same work, and no e-mail", async () => {
  const stranger = anEmail();
  const [known, nobody] = [await ask(user.email), await ask(stranger)];

  expect(nobody).toEqual(known);
  expect(queued).toEqual([user.email, stranger].map((to) => ({ kind: "passwordReset", to })));
  expect(await compose(stranger)).toBeNull();
});

test.each(["", "x", "A".repeat(43)])("Passwords, tokens: %j is no token", async (token) => {
  const refused = confirm(token);

  await expect(refused).rejects.toMatchObject(token ? unknown : { code: 422 });
});

test("Passwords, tokens: too short a new password is refused by name, and the token stays good", async () => {
  const { token } = await letter();

  const refused = bus.call("identity.resetPassword", { token, newPassword: "short" });

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "newPassword" }] },
  });
  await confirm(token);
});

test.each(["a known", "an unknown"])(
  "Passwords, tokens: %s account is sent five e-mails in 15 minutes at most",
  async (which) => {
    const email = which === "a known" ? user.email : anEmail();
    for (let time = 0; time < 5; time += 1) await ask(email);

    await expect(ask(email)).rejects.toMatchObject({ code: 429 });
    await expect(signIn(bus, user.email)).resolves.toBeDefined();
  },
);

test("Passwords, tokens: one address asks for five e-mails in 15 minutes at most", async () => {
  for (let time = 0; time < 5; time += 1) await ask(anEmail(), "192.0.2.77");

  await expect(ask(user.email, "192.0.2.77")).rejects.toMatchObject({ code: 429 });
});

test("Passwords, tokens: who guessed too often signs in again after a reset", async () => {
  for (let time = 0; time < 6; time += 1) {
    await signIn(bus, user.email, "not the password").catch(() => undefined);
  }
  const { token } = await letter();

  await confirm(token);

  await expect(signIn(bus, user.email, newPassword)).resolves.toBeDefined();
});

test("Passwords, tokens: neither the token nor the text of the e-mail is kept", async () => {
  const { token } = await letter();

  const { db } = database("identity");
  const kept = await Promise.all((await db!.collections()).map((one) => one.find().toArray()));

  expect(JSON.stringify(kept)).not.toContain(token);
});
