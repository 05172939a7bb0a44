import { expect, test } from "@jest/globals";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { newId } from "#shared/ids.ts";
import customers from "./customers.service.ts";

const agent = as("agent");
let used = 0;
const documentNumber = () => `${process.pid.toString()}-${String((used += 1))}`;

test("F002, F012, D18: an edit changes what it names, clears what is null, and says so", async () => {
  const bus = await startBus(customers);
  const { id } = await bus.call(
    "customers.create",
    { firstName: "Ada", lastName: "Byron", gender: "f", tags: ["a"] },
    agent,
  );

  const changed = await bus.call(
    "customers.change",
    { id, version: 1, lastName: "King", gender: null, tags: ["a", "b"], disabled: true },
    agent,
  );

  expect(changed).toMatchObject({
    version: 2,
    displayName: "Ada King",
    tags: ["a", "b"],
    disabled: true,
  });
  expect(changed).not.toHaveProperty("gender");
  expect(await bus.call("customers.get", { id }, agent)).toEqual(changed);
  const [event] = (await announced("customers", "customers.changed")).filter(
    ({ aggregate }) => aggregate.id === id,
  );
  expect(event).toMatchObject({ aggregate: { version: 2 }, data: { id } });
  expect(event?.changes).toEqual([
    { field: "lastName", old: "Byron", new: "King" },
    { field: "gender", old: "f", new: null },
    { field: "tags", old: ["a"], new: ["a", "b"] },
    { field: "disabled", old: false, new: true },
  ]);
});

test("F002: an edit without a difference leaves the version", async () => {
  const bus = await startBus(customers);
  const created = await bus.call("customers.create", { firstName: "Ada" }, agent);

  const same = await bus.call(
    "customers.change",
    { id: created.id, version: 1, firstName: "Ada", lastName: null },
    agent,
  );

  expect(same).toEqual(created);
});

test("F002, P9: a stale edit is refused with the version that is there", async () => {
  const bus = await startBus(customers);
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);
  await bus.call("customers.change", { id, version: 1, firstName: "Augusta" }, agent);

  const refused = bus.call("customers.change", { id, version: 1, firstName: "Anne" }, agent);

  await expect(refused).rejects.toMatchObject({
    code: 412,
    type: "STALE_VERSION",
    data: { version: 2 },
  });
});

test("P9: of edits that start from the same version, one is kept", async () => {
  const bus = await startBus(customers);
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);

  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      bus.call("customers.change", { id, version: 1, firstName: `Ada ${index}` }, agent),
    ),
  );

  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await bus.call("customers.get", { id }, agent)).toHaveProperty("version", 2);
});

test("G17: an edit may neither take another's document nor leave nothing", async () => {
  const bus = await startBus(customers);
  const document = { documentType: "CC", documentNumber: documentNumber() };
  const holder = await bus.call("customers.create", { ...document }, agent);
  const { id } = await bus.call("customers.create", { firstName: "Ada" }, agent);

  const taking = bus.call("customers.change", { id, version: 1, ...document }, agent);
  await expect(taking).rejects.toMatchObject({
    code: 409,
    type: "CUSTOMER_EXISTS",
    data: { existingId: holder.id },
  });

  const emptying = bus.call("customers.change", { id, version: 1, firstName: null }, agent);
  await expect(emptying).rejects.toMatchObject({ code: 422 });

  const half = bus.call(
    "customers.change",
    { id: holder.id, version: 1, documentType: null },
    agent,
  );
  await expect(half).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "documentType" }] },
  });
});

test("D19: a document that was given up is free again", async () => {
  const bus = await startBus(customers);
  const document = { documentType: "CC", documentNumber: documentNumber() };
  const { id } = await bus.call("customers.create", { firstName: "Ada", ...document }, agent);
  const none = { documentType: null, documentNumber: null };
  await bus.call("customers.change", { id, version: 1, ...none }, agent);

  const heir = await bus.call("customers.create", { ...document }, agent);

  expect(heir.id).not.toBe(id);
});

test("F003: an unknown customer is not found", async () => {
  const bus = await startBus(customers);

  await expect(bus.call("customers.get", { id: newId() }, agent)).rejects.toMatchObject({
    code: 404,
    type: "NOT_FOUND",
  });
  await expect(
    bus.call("customers.change", { id: newId(), version: 1, firstName: "A" }, agent),
  ).rejects.toMatchObject({ code: 404 });
});
