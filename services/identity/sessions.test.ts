import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { aPassword, aUser, by, signIn } from "./builders.ts";
import identity from "./identity.service.ts";

const unauthorized = { code: 401, type: "UNAUTHORIZED" };
const newPassword = "another good password";

let bus: Broker;
beforeEach(async () => {
  bus = await startBus(identity);
});

async function twice() {
  const user = await aUser(bus);
  const [first, second] = [
    await signIn(bus, user.email, aPassword, "192.0.2.7"),
    await signIn(bus, user.email),
  ];
  return { user, first, second, caller: await by(bus, second.accessToken) };
}

const refresh = (refreshToken: string, address?: string) =>
  bus.call("identity.refresh", { refreshToken }, { meta: address ? { address } : {} });

test("F225: a user sees the own sessions, the newest first, and which one asks", async () => {
  const { first, caller } = await twice();
  await aUser(bus);

  const { items } = await bus.call("identity.listMySessions", {}, caller);

  const earlier = await bus.call("identity.verify", { token: first.accessToken });
  expect(items).toHaveLength(2);
  expect(items[0]).toMatchObject({ id: caller.meta.actor?.sessionId, isCurrent: true });
  expect(items[1]).toMatchObject({
    id: earlier.sessionId,
    isCurrent: false,
    by: "password",
    address: "192.0.2.7",
  });
  const page = await bus.call("identity.listMySessions", { limit: 1, count: true }, caller);
  expect(page).toMatchObject({ total: 2, items: [{ isCurrent: true }] });
});

test("F225: a user ends one of the own sessions at once", async () => {
  const { first, second, caller, user } = await twice();
  const { sessionId } = await bus.call("identity.verify", { token: first.accessToken });

  await bus.call("identity.endMySession", { id: sessionId! }, caller);

  const ended = bus.call("identity.verify", { token: first.accessToken });
  await expect(ended).rejects.toMatchObject(unauthorized);
  await expect(refresh(first.refreshToken)).rejects.toMatchObject(unauthorized);
  await expect(by(bus, second.accessToken)).resolves.toBeDefined();
  expect((await announced("identity", "identity.sessionsRevoked")).at(-1)).toMatchObject({
    data: { userId: user.id },
    changes: [{ field: "ended", new: "ended by the user" }],
  });
});

test("F225: nobody ends a session of somebody else, or one that is over", async () => {
  const { first, second } = await twice();
  const stranger = await by(bus, (await signIn(bus, (await aUser(bus)).email)).accessToken);
  const { sessionId } = await bus.call("identity.verify", { token: first.accessToken });
  const end = (id: string) => bus.call("identity.endMySession", { id }, stranger);

  await expect(end(sessionId!)).rejects.toMatchObject({ code: 404 });
  await expect(end(newId())).rejects.toMatchObject({ code: 404 });
  await expect(by(bus, second.accessToken)).resolves.toBeDefined();
  const connector = bus.call("identity.listMySessions", {}, as("connector"));
  await expect(connector).rejects.toMatchObject({ code: 403 });
});

test("Passwords, tokens: a new own password ends the other sessions and keeps this one", async () => {
  const { user, first, second, caller } = await twice();

  const params = { currentPassword: aPassword, newPassword };
  await bus.call("identity.changeMyPassword", params, caller);

  const other = bus.call("identity.verify", { token: first.accessToken });
  await expect(other).rejects.toMatchObject(unauthorized);
  await expect(refresh(first.refreshToken)).rejects.toMatchObject(unauthorized);
  await expect(by(bus, second.accessToken)).resolves.toBeDefined();
  await expect(refresh(second.refreshToken)).resolves.toMatchObject({ user: { id: user.id } });
  await expect(signIn(bus, user.email)).rejects.toMatchObject(unauthorized);
  await expect(signIn(bus, user.email, newPassword)).resolves.toBeDefined();
  const { items } = await bus.call("identity.listMySessions", {}, caller);
  expect(items.map((one) => one.isCurrent)).toEqual([false, true]);
  expect((await announced("identity", "identity.userChanged")).at(-1)).toMatchObject({
    actor: { id: user.id },
    changes: [{ field: "password", old: null, new: null }],
  });
});

test("Passwords, tokens: a wrong current password is refused by name, and five times at most", async () => {
  const { user, first, caller } = await twice();
  const attempt = () =>
    bus.call("identity.changeMyPassword", { currentPassword: "wrong", newPassword }, caller);

  for (let time = 0; time < 5; time += 1) {
    await expect(attempt()).rejects.toMatchObject({
      code: 422,
      data: { errors: [{ path: "currentPassword", code: "wrong" }] },
    });
  }
  await expect(attempt()).rejects.toMatchObject({ code: 429 });
  await expect(by(bus, first.accessToken)).resolves.toBeDefined();
  await expect(signIn(bus, user.email)).rejects.toMatchObject({ code: 429 });
});

test("Passwords, tokens: too short a new password is refused by name", async () => {
  const { caller } = await twice();

  const params = { currentPassword: aPassword, newPassword: "short" };
  const refused = bus.call("identity.changeMyPassword", params, caller);

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "newPassword" }] },
  });
});

test("Passwords, tokens: of two who change one password at once, one does", async () => {
  const { caller } = await twice();
  const change = (to: string) =>
    bus.call("identity.changeMyPassword", { currentPassword: aPassword, newPassword: to }, caller);

  const all = await Promise.allSettled([change("the first new one"), change("the second new one")]);

  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("Passwords, tokens: tabs that refresh at the same moment get the same successor", async () => {
  const { second, user } = await twice();

  const all = await Promise.all(
    Array.from({ length: 8 }, () => refresh(second.refreshToken, "192.0.2.1")),
  );

  expect(new Set(all.map((one) => one.refreshToken)).size).toBe(1);
  const next = refresh(all[0]?.refreshToken ?? "", "192.0.2.1");
  await expect(next).resolves.toMatchObject({ user: { id: user.id } });
});

test("Passwords, tokens: a token that is used again from another network ends the session", async () => {
  const { second } = await twice();
  const renewed = await refresh(second.refreshToken, "192.0.2.1");

  await expect(refresh(second.refreshToken, "198.51.100.1")).rejects.toMatchObject(unauthorized);

  await expect(refresh(renewed.refreshToken, "192.0.2.1")).rejects.toMatchObject(unauthorized);
});

test("Passwords, tokens: a token whose successor was used ends the session, however soon", async () => {
  const { second } = await twice();
  const renewed = await refresh(second.refreshToken);
  const later = await refresh(renewed.refreshToken);

  await expect(refresh(second.refreshToken)).rejects.toMatchObject(unauthorized);

  await expect(refresh(later.refreshToken)).rejects.toMatchObject(unauthorized);
});

test("Passwords, tokens: a token that is used again after ten seconds ends the session", async () => {
  const { second } = await twice();
  const renewed = await refresh(second.refreshToken);
  const usedAt = new Date(Date.now() - 10_001);
  await nativeOf(database("identity"), "refreshTokens").updateMany(
    { usedAt: { $exists: true } },
    { $set: { usedAt } },
  );

  await expect(refresh(second.refreshToken)).rejects.toMatchObject(unauthorized);

  await expect(refresh(renewed.refreshToken)).rejects.toMatchObject(unauthorized);
});
