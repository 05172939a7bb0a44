/** The attachments of a case (F186) and of a customer (F054, F188). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { as } from "#shared/testing/bus.ts";
import { start } from "./a-file.samples.ts";

const agent = as("agent");

test("F186: the files of a case come newest first, by its id and by its number", async () => {
  const { bus, world, aCase, aFileOf } = await start();
  const kase = aCase();
  const ownerId = newId();
  world.users.push(String(agent.meta.actor?.id));
  const first = await aFileOf({ caseId: kase.id, ownerId, name: "first.txt" });
  const second = await aFileOf({ caseId: kase.id, name: "second.txt" }, agent);
  await aFileOf({ caseId: aCase().id });

  const page = await bus.call("files.listOfCase", { id: kase.id, count: true }, agent);
  const byNumber = await bus.call("files.listOfCase", { id: String(kase.number) }, agent);

  expect(page.items.map(({ name }) => name)).toEqual(["second.txt", "first.txt"]);
  expect(page.total).toBe(2);
  expect(byNumber.items).toEqual(page.items);
  expect(page.items[0]).toMatchObject({ id: second.id, createdByName: "Bo" });
  const { sha256: _unshown, ...shown } = first;
  expect(page.items[1]).toEqual({
    ...shown,
    origin: "interaction",
    createdBy: expect.any(String),
    caseId: kase.id,
    caseNumber: kase.number,
    interactionId: ownerId,
    url: `/api/v1/files/${first.id}`,
  });
});

test("B09: the files of a case that may not be read are 404, like the case", async () => {
  const { bus, aFileOf } = await start();
  const caseId = newId();
  await aFileOf({ caseId });

  await expect(bus.call("files.listOfCase", { id: caseId }, agent)).rejects.toMatchObject({
    code: 404,
    data: { what: "case" },
  });
});

test("F054, F188: a customer's files come newest first over all cases that may be read", async () => {
  const { bus, aCase, aFileOf } = await start();
  const customerId = newId();
  const [one, other] = [aCase(), aCase({ readOnly: true })];
  await aFileOf({ customerId, caseId: one.id, name: "1" });
  await aFileOf({ customerId, caseId: other.id, name: "2" });
  await aFileOf({ customerId, caseId: newId(), name: "hidden" });
  await aFileOf({ customerId: newId(), caseId: one.id, name: "another's" });
  await aFileOf({ customerId, caseId: one.id, name: "3" });

  const first = await bus.call("files.listOfCustomer", { id: customerId, limit: 2 }, agent);
  const cursor = String(first.nextCursor);
  const second = await bus.call(
    "files.listOfCustomer",
    { id: customerId, limit: 2, cursor },
    agent,
  );

  expect(first.items.map(({ name, caseNumber }) => [name, caseNumber])).toEqual([
    ["3", one.number],
    ["2", other.number],
  ]);
  expect(second.items.map(({ name }) => name)).toEqual(["1"]);
  expect(second.nextCursor).toBeNull();
});

test("F054: of a customer without files the list is empty, of none it is 404", async () => {
  const { bus } = await start();

  expect(await bus.call("files.listOfCustomer", { id: newId() }, agent)).toEqual({
    items: [],
    nextCursor: null,
  });
  await expect(bus.call("files.listOfCustomer", { id: "nobody" }, agent)).rejects.toMatchObject({
    code: 404,
    data: { what: "customer" },
  });
});

test("F186: while identity is away the names of users are missing, nothing else", async () => {
  const { bus, world, aCase, aFileOf } = await start();
  const kase = aCase();
  world.users.push(String(agent.meta.actor?.id));
  world.identityIsAway = true;
  await aFileOf({ caseId: kase.id }, agent);

  const { items } = await bus.call("files.listOfCase", { id: kase.id }, agent);

  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ createdBy: agent.meta.actor?.id });
  expect(items[0]).not.toHaveProperty("createdByName");
});
