/** Files that users attach to a case by hand (F186, F187). */
import { expect, test } from "@jest/globals";
import { Readable } from "node:stream";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { start } from "./a-file.samples.ts";
import { moveToCase } from "./attachments.store.ts";
import { files, find } from "./files.store.ts";

const png = Buffer.concat([
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
  Buffer.alloc(3_000, 1),
]);

interface Attached {
  name?: string;
  content?: Buffer | Readable;
  declaredType?: string;
  maxBytes?: number;
}

async function startAttaching() {
  const started = await start();
  const attach = (
    caseId: string,
    { meta } = as("agent"),
    { name = "a.png", content = png, maxBytes = 10_000, ...more }: Attached = {},
  ) => {
    const stream = content instanceof Readable ? content : Readable.from([content]);
    const asked = { caseId, name, maxBytes, ...more };
    return started.bus.call("files.attach", asked, { meta, stream });
  };
  return { ...started, attach };
}

test("F186, F187: a file that a user attaches stands beside those of the messages, with who, when and origin", async () => {
  const { bus, world, aCase, aFileOf, attach } = await startAttaching();
  const who = as("agent");
  world.users.push(String(who.meta.actor?.id));
  const { id: caseId, number } = aCase();
  const interactionId = newId();
  await aFileOf({ caseId, ownerId: interactionId });

  const { attachment } = await attach(String(number), who, { declaredType: "text/html" });
  const { items } = await bus.call("files.listOfCase", { id: caseId }, who);

  expect(attachment).toMatchObject({
    name: "a.png",
    contentType: "image/png",
    size: png.length,
    createdBy: who.meta.actor?.id,
    createdByName: "Bo",
    createdAt: expect.any(Date),
    caseId,
    caseNumber: number,
    origin: "upload",
    url: `/api/v1/files/${attachment.id}`,
  });
  expect(items).toMatchObject([attachment, { origin: "interaction", interactionId }]);
  expect(items[0]).not.toHaveProperty("interactionId");
  expect(await find(attachment.id)).toMatchObject({ customerId: expect.any(String) });
});

test("F187, D18: it is told that it was kept, and with which case", async () => {
  const { aCase, attach } = await startAttaching();
  const who = as("supervisor");
  const { id: caseId } = aCase();

  const { attachment } = await attach(caseId, who);

  const claimed = (await announced("files", "files.claimed")).filter(
    ({ data }) => data.id === attachment.id,
  );
  expect(claimed).toMatchObject([
    {
      key: caseId,
      actor: { id: who.meta.actor?.id },
      data: { id: attachment.id, ownerKind: "case", ownerId: caseId, caseId },
    },
  ]);
});

test("F187, D16: a file attached by hand is deleted like any other", async () => {
  const { bus, aCase, attach } = await startAttaching();
  const who = as("agent");
  const { id: caseId } = aCase();
  const { attachment } = await attach(caseId, who);

  await bus.call("files.delete", { id: attachment.id }, who);

  expect((await bus.call("files.listOfCase", { id: caseId }, who)).items).toEqual([]);
  expect(await find(attachment.id)).toMatchObject({ deletedBy: who.meta.actor?.id });
});

test.each([
  ["a case that is not seen", undefined, 404, "NOT_FOUND"],
  ["a closed case", { closed: true }, 409, "CASE_CLOSED"],
  ["a case that is only read", { readOnly: true }, 403, "READ_ONLY"],
] as const)("D04, F125: nothing is attached to %s", async (_, said, code, type) => {
  const { aCase, attach } = await startAttaching();
  const caseId = said ? aCase(said).id : newId();
  const before = await files.native().countDocuments();

  await expect(attach(caseId)).rejects.toMatchObject({ code, type });

  expect(await files.native().countDocuments()).toBe(before);
});

test("D04: a case that is closed while the bytes come takes them no more", async () => {
  const { bus, aCase, attach } = await startAttaching();
  const kase = aCase();
  async function* slowly() {
    yield png;
    kase.closed = true;
    await Promise.resolve();
    yield png;
  }

  const refused = attach(kase.id, as("agent"), { content: Readable.from(slowly()) });

  await expect(refused).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
  expect((await bus.call("files.listOfCase", { id: kase.id }, as("agent"))).items).toEqual([]);
});

test("a file beyond the limit is refused, and nothing of it stays", async () => {
  const { bus, aCase, attach } = await startAttaching();
  const { id } = aCase();

  await expect(attach(id, as("agent"), { maxBytes: 100 })).rejects.toMatchObject({ code: 413 });

  expect((await bus.call("files.listOfCase", { id }, as("agent"))).items).toEqual([]);
});

test("a case takes a bounded number of files by hand, and of bytes; messages do not count", async () => {
  const { aCase, aFileOf, attach } = await startAttaching();
  const [many, large] = [aCase(), aCase()];
  const { attachment } = await attach(many.id);
  await attach(large.id);
  const kept = await files.native().findOne({ _id: attachment.id });
  const rest = Array.from({ length: 499 }, () => ({ ...kept!, _id: newId() }));
  await files.native().insertMany(rest);
  await files.native().updateMany({ caseId: large.id }, { $set: { size: 600 * 1024 * 1024 } });
  await aFileOf({ caseId: many.id });

  for (const { id } of [many, large]) {
    const refused = attach(id);
    await expect(refused).rejects.toMatchObject({ code: 409, type: "ATTACHMENTS_FULL" });
  }
  await files.native().updateOne({ _id: rest[0]!._id }, { $set: { deletedAt: new Date() } });
  await expect(attach(many.id)).resolves.toMatchObject({ attachment: { caseId: many.id } });
});

test("B01: a file that is sent again with its key is there once", async () => {
  const { bus, aCase, attach } = await startAttaching();
  const { meta } = as("agent");
  const again = { meta: { ...meta, commandId: newId() } };
  const { id } = aCase();

  const [first, second] = [await attach(id, again), await attach(id, again)];
  const atOnce = { meta: { ...meta, commandId: newId() } };
  const both = await Promise.all([attach(id, atOnce), attach(id, atOnce)]);

  expect(second).toEqual(first);
  expect(new Set(both.map(({ attachment }) => attachment.id)).size).toBe(1);
  expect((await bus.call("files.listOfCase", { id }, { meta })).items).toHaveLength(2);
});

test("P7: the files of a case move to another, twice as once", async () => {
  const { bus, aCase, aFileOf, attach } = await startAttaching();
  const [from, to] = [aCase(), aCase()];
  const interactionId = newId();
  await aFileOf({ caseId: from.id, ownerId: interactionId });
  await attach(from.id);

  for (let count = 0; count < 2; count += 1) {
    await transaction("files", (session) => moveToCase(from.id, to.id, session));
  }

  const listed = async (id: string) =>
    (await bus.call("files.listOfCase", { id }, as("agent"))).items;
  expect(await listed(from.id)).toEqual([]);
  expect(await listed(to.id)).toMatchObject([
    { origin: "upload", caseNumber: to.number },
    { origin: "interaction", interactionId },
  ]);
});
