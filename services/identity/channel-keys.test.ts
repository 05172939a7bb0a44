import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import identity from "./identity.service.ts";

const admin = as("administrator");

let bus: Broker;
let channelId: string;
beforeEach(async () => {
  bus = await startBus(identity);
  channelId = newId();
});

const create = () => bus.call("identity.createChannelKey", { channelId }, admin);

test("a connector is known by its channel's key and may do what connectors may", async () => {
  const { id, key } = await create();

  const actor = await bus.call("identity.verify", { token: key });

  expect(key).toMatch(/^cwk_[\w-]{43}$/);
  expect(actor).toEqual({
    kind: "connector",
    id,
    channelId,
    permissions: ["channels.deliver", "channels.receive", "interactions.read"],
  });
});

test("keys are listed without themselves", async () => {
  const { id } = await create();

  const listed = await bus.call("identity.listChannelKeys", { channelId });

  const createdBy = admin.meta.actor?.id;
  expect(listed).toEqual([{ id, channelId, createdAt: expect.any(Date), createdBy }]);
});

test("two keys are active at most, so that one can replace the other", async () => {
  const first = await create();
  await create();

  await expect(create()).rejects.toMatchObject({ code: 409, type: "TOO_MANY_KEYS" });
  await bus.call("identity.revokeChannelKey", { channelId, id: first.id }, admin);
  await expect(create()).resolves.toMatchObject({ key: expect.any(String) });
});

test("of many keys made at once for a channel two are", async () => {
  const all = await Promise.allSettled(Array.from({ length: 6 }, create));

  const refused = all.flatMap((one) => (one.status === "rejected" ? [one.reason as object] : []));
  expect(refused).toHaveLength(4);
  for (const one of refused) expect(one).toMatchObject({ type: "TOO_MANY_KEYS" });
});

test("a revoked key is refused at once, its neighbour is not", async () => {
  const [first, second] = [await create(), await create()];

  await bus.call("identity.revokeChannelKey", { channelId, id: first.id }, admin);

  const revoked = bus.call("identity.verify", { token: first.key });
  await expect(revoked).rejects.toMatchObject({ code: 401, type: "UNAUTHORIZED" });
  const other = bus.call("identity.verify", { token: second.key });
  await expect(other).resolves.toMatchObject({ id: second.id });
});

test("a key is not there for another channel, nor a second time", async () => {
  const { id } = await create();

  const foreign = bus.call("identity.revokeChannelKey", { channelId: newId(), id }, admin);
  await expect(foreign).rejects.toMatchObject({ code: 404 });
  await bus.call("identity.revokeChannelKey", { channelId, id }, admin);
  const again = bus.call("identity.revokeChannelKey", { channelId, id }, admin);
  await expect(again).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});

test("B01: a command makes one key; its repeat is told so, for the key is kept nowhere", async () => {
  const meta = { ...admin.meta, commandId: newId() };
  const { id, key } = await bus.call("identity.createChannelKey", { channelId }, { meta });

  const repeat = bus.call("identity.createChannelKey", { channelId }, { meta });

  await expect(repeat).rejects.toMatchObject({ code: 409, type: "KEY_SHOWN", data: { id } });
  await expect(bus.call("identity.listChannelKeys", { channelId })).resolves.toHaveLength(1);
  const { db } = database("identity");
  const kept = await Promise.all((await db!.collections()).map((one) => one.find().toArray()));
  expect(JSON.stringify(kept)).not.toContain(key);
});

test("D18: making and revoking a key is told, with who did it", async () => {
  const { id } = await create();
  await bus.call("identity.revokeChannelKey", { channelId, id }, admin);

  const made = (await announced("identity", "identity.channelKeyCreated")).at(-1);
  const revoked = (await announced("identity", "identity.channelKeyRevoked")).at(-1);

  const actor = { kind: "user", id: admin.meta.actor?.id };
  expect(made).toMatchObject({ actor, data: { id, channelId }, aggregate: { version: 1 } });
  expect(revoked).toMatchObject({ actor, data: { id, channelId }, aggregate: { version: 2 } });
});
