/** Relations between customers (F046-F049): two labels, seen from both sides. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";
import { relations as table } from "./tables.store.ts";

const agent = as("agent");

async function startFamily() {
  const bus = await startBus(customers);
  const make = async (firstName: string, more: object = {}) =>
    (await bus.call("customers.create", { firstName, ...more }, agent)).id;
  const ada = await make("Ada");
  const document = { documentType: "CC", documentNumber: newId() };
  const byron = await make("Byron", document);
  const relate = (id: string, relatedCustomerId: string, labels = ["mother", "son"]) =>
    bus.call(
      "customers.addRelation",
      { id, relatedCustomerId, sourceLabel: labels[0]!, targetLabel: labels[1]! },
      agent,
    );
  const list = async (id: string) =>
    (await bus.call("customers.listRelations", { id }, agent)).items;
  return { bus, ada, byron, documentNumber: document.documentNumber, make, relate, list };
}

test("F046, F047, F048, F049: both customers see the relation, each with its own label first", async () => {
  const { bus, ada, byron, documentNumber, relate, list } = await startFamily();

  const made = await relate(ada, byron);

  const mother = { label: "mother", relatedLabel: "son", version: 1 };
  const named = { id: byron, name: "Byron", document: `CC ${documentNumber}` };
  expect(made).toMatchObject({ ...mother, relatedCustomer: named });
  expect(await list(ada)).toEqual([made]);
  const seen = { ...made, relatedCustomer: { id: ada, name: "Ada" } };
  const [fromByron] = await list(byron);
  expect(fromByron).toEqual({ ...seen, label: "son", relatedLabel: "mother" });
  const relationId = made.id;
  const one = await bus.call("customers.getRelation", { id: byron, relationId }, agent);
  expect(one).toEqual(fromByron);
  const [event] = (await announced("customers", "customers.relationAdded")).filter(
    ({ aggregate }) => aggregate.id === made.id,
  );
  expect(event).toMatchObject({
    aggregate: { kind: "customerRelation", version: 1 },
    data: { id: made.id, sourceCustomerId: ada, targetCustomerId: byron },
  });
  expect(event?.changes).toContainEqual({ field: "sourceLabel", old: null, new: "mother" });
});

test("F049: the list goes on where its page ended, from both sides", async () => {
  const { bus, ada, byron, make, relate } = await startFamily();
  const clara = await make("Clara");
  await relate(ada, byron);
  await relate(clara, ada, ["aunt", "niece"]);

  const first = await bus.call(
    "customers.listRelations",
    { id: ada, limit: 1, count: true },
    agent,
  );
  const cursor = String(first.nextCursor);
  const second = await bus.call("customers.listRelations", { id: ada, limit: 1, cursor }, agent);

  expect(first).toMatchObject({ total: 2, items: [{ label: "mother" }] });
  expect(second).toMatchObject({
    items: [{ label: "niece", relatedLabel: "aunt", relatedCustomer: { id: clara } }],
    nextCursor: null,
  });
});

test("F049: the list of relations enters by an index and needs no sorting", async () => {
  await startFamily();

  const { queryPlanner } = await table
    .native()
    .find({ customerIds: "ada", pairKey: { $exists: true } })
    .sort({ _id: 1 })
    .explain("queryPlanner");

  const { winningPlan } = queryPlanner as { winningPlan: object };
  expect(JSON.stringify(winningPlan)).not.toMatch(/COLLSCAN|"SORT"/);
  expect(JSON.stringify(winningPlan)).toContain('"_id":1');
});

test("F046: the labels are changed from either side, and mean the same from the other", async () => {
  const { bus, ada, byron, relate, list } = await startFamily();
  const { id: relationId } = await relate(ada, byron);
  const change = (id: string, version: number, labels: object) =>
    bus.call("customers.changeRelation", { id, relationId, version, ...labels }, agent);

  const fromSource = await change(ada, 1, { label: "stepmother" });
  const fromTarget = await change(byron, 2, { label: "stepson" });
  const same = await change(byron, 3, { relatedLabel: "stepmother" });

  expect(fromSource).toMatchObject({ label: "stepmother", relatedLabel: "son", version: 2 });
  expect(fromTarget).toMatchObject({ label: "stepson", relatedLabel: "stepmother", version: 3 });
  expect(same).toEqual(fromTarget);
  expect(await list(ada)).toMatchObject([{ label: "stepmother", relatedLabel: "stepson" }]);
  const events = (await announced("customers", "customers.relationChanged")).filter(
    ({ aggregate }) => aggregate.id === relationId,
  );
  expect(events.map(({ changes }) => changes)).toEqual([
    [{ field: "sourceLabel", old: "mother", new: "stepmother" }],
    [{ field: "targetLabel", old: "son", new: "stepson" }],
  ]);
  await expect(change(ada, 1, { label: "x" })).rejects.toMatchObject({
    code: 412,
    type: "STALE_VERSION",
    data: { version: 3 },
  });
});

test("F046, D16: a relation that one side deletes is gone for both, and leaves a trace", async () => {
  const { bus, ada, byron, relate, list } = await startFamily();
  const { id: relationId } = await relate(ada, byron);

  await bus.call("customers.deleteRelation", { id: byron, relationId }, agent);

  expect([await list(ada), await list(byron)]).toEqual([[], []]);
  const again = bus.call("customers.deleteRelation", { id: ada, relationId }, agent);
  await expect(again).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  expect(await table.native().findOne({ _id: relationId })).toMatchObject({
    sourceLabel: "mother",
    deletedAt: expect.any(Date),
    deletedBy: agent.meta.actor?.id,
  });
  const [event] = (await announced("customers", "customers.relationDeleted")).filter(
    ({ aggregate }) => aggregate.id === relationId,
  );
  expect(event?.changes).toContainEqual({ field: "sourceLabel", old: "mother", new: null });
  await expect(relate(byron, ada)).resolves.toHaveProperty("version", 1);
});

test("F046: nobody is related to oneself, to nobody, or twice to the same", async () => {
  const { ada, byron, relate } = await startFamily();
  const { id: existingId } = await relate(ada, byron);
  const at = (code: string) => ({
    code: 422,
    data: { errors: [expect.objectContaining({ path: "relatedCustomerId", code })] },
  });
  const exists = { code: 409, type: "RELATION_EXISTS", data: { existingId } };

  await expect(relate(ada, ada)).rejects.toMatchObject(at("self"));
  await expect(relate(ada, newId())).rejects.toMatchObject(at("unknown"));
  await expect(relate(newId(), ada)).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  await expect(relate(ada, byron, ["friend", "friend"])).rejects.toMatchObject(exists);
  await expect(relate(byron, ada, ["son", "mother"])).rejects.toMatchObject(exists);
});

test("F047: both labels are needed", async () => {
  const { ada, byron, relate } = await startFamily();

  for (const [labels, path] of [
    [["", "son"], "sourceLabel"],
    [["mother", " "], "targetLabel"],
    [["mother", "s".repeat(81)], "targetLabel"],
  ] as const) {
    await expect(relate(ada, byron, [...labels])).rejects.toMatchObject({
      code: 422,
      data: { errors: [expect.objectContaining({ path })] },
    });
  }
});

test("F046: of many that relate the same two at once, from either side, one does", async () => {
  const { ada, byron, relate, list } = await startFamily();

  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => (index % 2 ? relate(ada, byron) : relate(byron, ada))),
  );

  expect(await list(ada)).toHaveLength(1);
  const refusals = outcomes.filter(({ status }) => status === "rejected");
  expect(refusals).toHaveLength(9);
  for (const { reason } of refusals as PromiseRejectedResult[]) {
    expect(reason).toMatchObject({ type: "RELATION_EXISTS" });
  }
});

test("F046: a relation is reached through its two customers only", async () => {
  const { bus, ada, byron, make, relate } = await startFamily();
  const { id: relationId } = await relate(ada, byron);
  const id = await make("Clara");
  const calls = [
    () => bus.call("customers.getRelation", { id, relationId }, agent),
    () => bus.call("customers.changeRelation", { id, relationId, version: 1, label: "x" }, agent),
    () => bus.call("customers.deleteRelation", { id, relationId }, agent),
    () => bus.call("customers.listRelations", { id: newId() }, agent),
  ];

  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 404 });
});

test("F046: a customer has at most 500 relations, from whichever side", async () => {
  const { ada, byron, relate } = await startFamily();
  const others = Array.from({ length: 500 }, () => newId());
  const kept = others.map((other) => ({
    _id: newId(),
    sourceCustomerId: other,
    targetCustomerId: byron,
    sourceLabel: "friend",
    targetLabel: "friend",
    pairKey: `${other} ${byron}`,
    customerIds: [other, byron],
    version: 1,
    createdAt: new Date(),
    updatedAt: new Date(),
  }));
  await table.native().insertMany(kept);

  await expect(relate(ada, byron)).rejects.toMatchObject({
    code: 409,
    type: "TOO_MANY_RELATIONS",
    data: { limit: 500 },
  });
});

test("B01: a command that is repeated relates once", async () => {
  const { bus, ada, byron, list } = await startFamily();
  const once = { meta: { ...agent.meta, commandId: newId() } };
  const asked = { id: ada, relatedCustomerId: byron, sourceLabel: "a", targetLabel: "b" };

  const first = await bus.call("customers.addRelation", asked, once);
  const second = await bus.call("customers.addRelation", asked, once);

  expect(second.id).toBe(first.id);
  expect(await list(ada)).toHaveLength(1);
});
