/** Deleting a file: what goes, what stays, and who may (F187, D16, D04). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { start } from "./a-file.samples.ts";
import { find } from "./files.store.ts";
import { sweep } from "./sweep.ts";
import { bury } from "./tombstones.store.ts";

const agent = as("agent");
const deletedBy = String(agent.meta.actor?.id);
const dayMs = 86_400_000;

/** Whether anything of a file's bytes is there. */
async function hasBytes(id: string): Promise<boolean> {
  const count = (name: string, filter: object) =>
    nativeOf(database("files"), name).countDocuments(filter);
  const found = [
    await count("content.files", { _id: id }),
    await count("content.chunks", { files_id: id }),
  ];
  return found.some((one) => one > 0);
}

test("F187, D16: a deleted file's bytes go; its name, who deleted it and when stay", async () => {
  const { bus, aCase, aFileOf } = await start();
  const kase = aCase();
  const customerId = newId();
  const { id } = await aFileOf({ caseId: kase.id, customerId, name: "secret.txt" });

  await bus.call("files.delete", { id }, agent);

  expect(await hasBytes(id)).toBe(false);
  expect(await find(id)).toMatchObject({
    name: "secret.txt",
    caseId: kase.id,
    deletedAt: expect.any(Date),
    deletedBy,
  });
  await expect(bus.call("files.open", { id }, agent)).rejects.toMatchObject({ code: 404 });
  await expect(bus.call("files.read", { id })).rejects.toMatchObject({ code: 404 });
  expect(await bus.call("files.describe", { ids: [id] })).toEqual([]);
  for (const page of [
    await bus.call("files.listOfCase", { id: kase.id }, agent),
    await bus.call("files.listOfCustomer", { id: customerId }, agent),
  ]) {
    expect(page.items).toEqual([]);
  }
});

test("D16, D18: the deletion is told once, with who and when, and without the name", async () => {
  const { bus, aCase, aFileOf } = await start();
  const { id: caseId } = aCase();
  const ownerId = newId();
  const { id } = await aFileOf({ caseId, ownerId, name: "secret.txt" });

  await Promise.all([1, 2, 3].map(() => bus.call("files.delete", { id }, agent)));
  await bus.call("files.delete", { id }, agent);

  const told = (await announced("files", "files.deleted")).filter((one) => one.data.id === id);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({
    aggregate: { kind: "file", id, version: 3 },
    key: caseId,
    actor: { kind: "user", id: deletedBy },
    changes: [{ field: "deletedAt", old: null, new: expect.any(Date) }],
    data: { id, ownerKind: "interaction", ownerId, caseId },
  });
  expect(JSON.stringify(told)).not.toContain("secret");
});

test("D16: where the process dies after the deletion, the bytes are swept away and the tombstone stays", async () => {
  const { aCase, aFileOf } = await start();
  const { id } = await aFileOf({ caseId: aCase().id });
  await write("files", agent, (tx) => bury(tx, id, { deletedAt: new Date(), deletedBy }));
  expect(await hasBytes(id)).toBe(true);

  await sweep(new Date(Date.now() + 2 * dayMs));

  expect(await hasBytes(id)).toBe(false);
  expect(await find(id)).toMatchObject({ deletedBy });
});

test("D16: a message can still claim a file that was deleted meanwhile, and brings nothing back", async () => {
  const { bus, aCase, aFileOf } = await start();
  const ownerId = newId();
  const { id } = await aFileOf({ ownerId });
  await bus.call("files.delete", { id }, as("administrator"));

  const owner = { ownerKind: "interaction", ownerId, caseId: aCase().id };
  await bus.call("files.claim", { ids: [id], ...owner });

  await expect(bus.call("files.open", { id }, agent)).rejects.toMatchObject({ code: 404 });
  expect(await hasBytes(id)).toBe(false);
});

test("D04: on a closed case no file is deleted: 409 CASE_CLOSED", async () => {
  const { bus, aCase, aFileOf } = await start();
  const { id: caseId, number } = aCase({ closed: true });
  const { id } = await aFileOf({ caseId });

  await expect(bus.call("files.delete", { id }, agent)).rejects.toMatchObject({
    code: 409,
    type: "CASE_CLOSED",
    data: { number },
  });
  expect(await hasBytes(id)).toBe(true);
});

test("F125: a file of a case that may only be read cannot be deleted: 403 READ_ONLY", async () => {
  const { bus, aCase, aFileOf } = await start();
  const { id } = await aFileOf({ caseId: aCase({ readOnly: true }).id });

  await expect(bus.call("files.delete", { id }, agent)).rejects.toMatchObject({
    code: 403,
    type: "READ_ONLY",
  });
  expect(await hasBytes(id)).toBe(true);
});

test("B09: a file that may not be seen, is of no case, or is not there cannot be deleted: 404", async () => {
  const { bus, aFileOf } = await start();
  const [hidden, ofNoCase] = [await aFileOf({ caseId: newId() }), await aFileOf({})];

  for (const id of [hidden.id, ofNoCase.id, newId()]) {
    await expect(bus.call("files.delete", { id }, agent)).rejects.toMatchObject({
      code: 404,
      type: "NOT_FOUND",
      data: { what: "file", id },
    });
  }
  expect(await hasBytes(hidden.id)).toBe(true);
});
