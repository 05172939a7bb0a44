import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { aPassword, anEmail, aUser, signIn } from "./builders.ts";
import identity from "./identity.service.ts";

const admin = as("administrator");

let bus: Broker;
beforeEach(async () => {
  bus = await startBus(identity);
});

const change = (params: { id: string; version: number } & Record<string, unknown>) =>
  bus.call("identity.changeUser", params, admin);

test.each(["administrator", "supervisor", "agent"] as const)("F225: a user is %s", async (role) => {
  const email = anEmail();

  const user = await bus.call(
    "identity.createUser",
    { email, name: "Ada", role, password: aPassword, language: "es" },
    admin,
  );

  const by = admin.meta.actor?.id;
  expect(user).toMatchObject({ email, name: "Ada", role, language: "es", disabled: false });
  expect(user).toMatchObject({ version: 1, createdBy: by, updatedBy: by });
  await expect(bus.call("identity.getUser", { id: user.id })).resolves.toEqual(user);
});

test("an e-mail address has one user, whatever its case", async () => {
  const email = anEmail();
  const { id } = await aUser(bus, { email });

  const refused = aUser(bus, { email: email.toUpperCase() });

  await expect(refused).rejects.toMatchObject({
    code: 409,
    type: "EMAIL_TAKEN",
    data: { existingId: id },
  });
});

test.each([
  ["password", { password: "too short" }],
  ["email", { email: "nobody" }],
  ["role", { role: "owner" }],
  ["shoeSize", { shoeSize: 44 }],
])("a new user that breaks the contract is refused at %s", async (path, fault) => {
  const good = { email: anEmail(), name: "Ada", role: "agent", password: aPassword };

  const refused = bus.call("identity.createUser", { ...good, ...fault } as never, admin);

  await expect(refused).rejects.toMatchObject({ code: 422, data: { errors: [{ path }] } });
});

test("B01: the same command creates one user", async () => {
  const params = { email: anEmail(), name: "Ada", role: "agent", password: aPassword } as const;
  const meta = { ...admin.meta, commandId: newId() };

  const first = await bus.call("identity.createUser", params, { meta });
  const second = await bus.call("identity.createUser", params, { meta });

  expect(second).toEqual(first);
});

test("users are listed by name, a page at a time, and found by a part of name or e-mail", async () => {
  const mark = newId();
  for (const name of ["Émile", "bo", "Ana", "Zoë"]) await aUser(bus, { name: `${name} ${mark}` });
  await aUser(bus, { name: `Carla ${mark}`, role: "supervisor" });
  const list = (more: object) => bus.call("identity.listUsers", { q: mark, ...more });
  const names = ({ items }: { items: { name: string }[] }) =>
    items.map((one) => one.name.replace(` ${mark}`, ""));

  const first = await list({ limit: 3, count: true });
  const second = await list({ limit: 3, cursor: first.nextCursor ?? "" });

  expect([...names(first), ...names(second)]).toEqual(["Ana", "bo", "Carla", "Émile", "Zoë"]);
  expect(first.total).toBe(5);
  expect(second.nextCursor).toBeNull();
  expect(names(await list({ role: "supervisor" }))).toEqual(["Carla"]);
  expect(names(await list({ q: `EMILE ${mark}` }))).toEqual(["Émile"]);
  expect(names(await list({ q: ".*" }))).toEqual([]);
});

test("F225: users are listed by whether they are disabled, too", async () => {
  const mark = newId();
  const gone = await aUser(bus, { name: `Ana ${mark}` });
  await aUser(bus, { name: `Bo ${mark}` });
  await change({ id: gone.id, version: 1, disabled: true });
  const names = async (more: object) =>
    (await bus.call("identity.listUsers", { q: mark, ...more })).items.map(({ name }) => name);

  expect(await names({ disabled: true })).toEqual([`Ana ${mark}`]);
  expect(await names({ disabled: false, role: "agent" })).toEqual([`Bo ${mark}`]);
  expect(await names({})).toEqual([`Ana ${mark}`, `Bo ${mark}`]);
});

test("F225: disabling ends the sessions at once and tells those who listen", async () => {
  const { id, email } = await aUser(bus);
  const { accessToken, refreshToken } = await signIn(bus, email);

  await change({ id, version: 1, disabled: true });

  const verified = bus.call("identity.verify", { token: accessToken });
  await expect(verified).rejects.toMatchObject({ code: 401 });
  const refreshed = bus.call("identity.refresh", { refreshToken });
  await expect(refreshed).rejects.toMatchObject({ code: 401 });
  expect((await announced("identity", "identity.userChanged")).at(-1)).toMatchObject({
    data: { id, role: "agent", disabled: true },
  });
});

test("a cursor of nobody's is refused by name", async () => {
  const refused = bus.call("identity.listUsers", { cursor: "nonsense" });

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "cursor" }] },
  });
});

test("an unknown user is not found", async () => {
  const id = newId();

  await expect(bus.call("identity.getUser", { id })).rejects.toMatchObject({ code: 404 });
  await expect(change({ id, version: 1, name: "Bo" })).rejects.toMatchObject({ code: 404 });
});

test("P9: a change on an old version is refused, and changes nothing", async () => {
  const { id } = await aUser(bus);
  await change({ id, version: 1, name: "Bo" });

  const refused = change({ id, version: 1, name: "Cy" });

  await expect(refused).rejects.toMatchObject({
    code: 412,
    type: "STALE_VERSION",
    data: { what: "user", id, version: 2 },
  });
  await expect(bus.call("identity.getUser", { id })).resolves.toMatchObject({ name: "Bo" });
});

test("P9: of many changes of one version at once, one takes effect", async () => {
  const { id } = await aUser(bus);

  const all = await Promise.allSettled(
    Array.from({ length: 6 }, (_, place) => change({ id, version: 1, name: `Name ${place}` })),
  );

  expect(all.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  await expect(bus.call("identity.getUser", { id })).resolves.toMatchObject({ version: 2 });
});

test("a changed password is the one that works", async () => {
  const { id, email } = await aUser(bus);

  await change({ id, version: 1, password: "another good password" });

  await expect(signIn(bus, email)).rejects.toMatchObject({ code: 401 });
  await expect(signIn(bus, email, "another good password")).resolves.toMatchObject({
    user: { id },
  });
});

test("a disabled user can be enabled again and sign in", async () => {
  const { id, email } = await aUser(bus);
  await change({ id, version: 1, disabled: true });

  await change({ id, version: 2, disabled: false });

  await expect(signIn(bus, email)).resolves.toMatchObject({ user: { id, disabled: false } });
});

test("the last enabled administrator is neither disabled nor given another role", async () => {
  await nativeOf(database("identity"), "users").deleteMany({});
  const { id } = await aUser(bus, { role: "administrator" });
  const other = await aUser(bus, { role: "administrator" });
  await change({ id: other.id, version: 1, disabled: true });
  const last = { code: 409, type: "LAST_ADMINISTRATOR" };

  await expect(change({ id, version: 1, disabled: true })).rejects.toMatchObject(last);
  await expect(change({ id, version: 1, role: "agent" })).rejects.toMatchObject(last);
  await expect(change({ id, version: 1, name: "Bo" })).resolves.toMatchObject({ version: 2 });
});

test("administrators who disable each other at the same moment leave one", async () => {
  await nativeOf(database("identity"), "users").deleteMany({});
  const all = await Promise.all(
    Array.from({ length: 4 }, () => aUser(bus, { role: "administrator" })),
  );

  await Promise.allSettled(all.map(({ id }) => change({ id, version: 1, disabled: true })));

  const { items } = await bus.call("identity.listUsers", { role: "administrator" });
  expect(items.filter((one) => !one.disabled)).toHaveLength(1);
});

test("several users at once are known by name; unknown ones are left out", async () => {
  const [ada, bo] = [await aUser(bus), await aUser(bus, { name: "Bo", role: "supervisor" })];

  const names = await bus.call("identity.namesOf", { ids: [bo.id, newId(), ada.id] });

  expect(names).toHaveLength(2);
  expect(names).toContainEqual({ id: bo.id, name: "Bo", role: "supervisor", disabled: false });
});

test("D18: what changed of a user is told, of a password only that it did", async () => {
  const { id, email } = await aUser(bus);
  await change({ id, version: 1, role: "supervisor", password: "another good password" });

  const made = (await announced("identity", "identity.userCreated")).at(-1);
  const changed = (await announced("identity", "identity.userChanged")).at(-1);

  expect(made).toMatchObject({ aggregate: { kind: "user", id, version: 1 }, data: { id } });
  expect(made?.changes).toContainEqual({ field: "email", old: null, new: email });
  expect(changed).toMatchObject({
    aggregate: { kind: "user", id, version: 2 },
    actor: { kind: "user", id: admin.meta.actor?.id },
    changes: [
      { field: "role", old: "agent", new: "supervisor" },
      { field: "password", old: null, new: null },
    ],
  });
  expect(JSON.stringify([made, changed])).not.toMatch(/argon2id|battery|another good/);
});

test("D18: a change that changes nothing makes no version and tells nothing", async () => {
  const { id } = await aUser(bus);
  const before = (await announced("identity", "identity.userChanged")).length;

  const same = await change({ id, version: 1, name: "Ada Agent" });

  expect(same.version).toBe(1);
  expect(await announced("identity", "identity.userChanged")).toHaveLength(before);
});
