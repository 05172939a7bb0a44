import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import files from "./files.service.ts";
import { sweep } from "./sweep.ts";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const dayMs = 86_400_000;

test("a file is kept as it came, with its size, hash and type told by its content", async () => {
  const { put, bytesOf } = await startFiles();

  const file = await put(png, { name: "invoice.pdf", declaredType: "application/pdf" });

  expect(file).toMatchObject({ name: "invoice.pdf", contentType: "image/png", size: png.length });
  expect(file.sha256).toBe(createHash("sha256").update(png).digest("hex"));
  expect(await bytesOf(file.id)).toEqual(png);
});

test("a file of many chunks comes back byte for byte, whole or in part", async () => {
  const { put, bytesOf } = await startFiles();
  const content = Buffer.from(Array.from({ length: 1_000_003 }, (_, index) => index * 31));

  const file = await put(content);

  expect(file.size).toBe(content.length);
  expect((await bytesOf(file.id)).equals(content)).toBe(true);
  const part = await bytesOf(file.id, { start: 300_000, end: 700_001 });
  expect(part.equals(content.subarray(300_000, 700_001))).toBe(true);
  expect(await bytesOf(file.id, { start: content.length })).toEqual(Buffer.alloc(0));
});

test("an empty file is a file", async () => {
  const { put, bytesOf } = await startFiles();

  const file = await put(Buffer.alloc(0));

  expect(file).toMatchObject({ size: 0, contentType: "application/octet-stream" });
  expect(await bytesOf(file.id)).toEqual(Buffer.alloc(0));
});

test("Content that attacks: HTML is never kept as such, whatever it is called", async () => {
  const { put } = await startFiles();

  const file = await put(Buffer.from("<!doctype html><script>1</script>"), {
    name: "note.html",
    declaredType: "text/html",
  });

  expect(file).toMatchObject({ name: "note.html", contentType: "application/octet-stream" });
});

test("a file over its limit is refused with 413 and nothing of it stays", async () => {
  const { put } = await startFiles();
  const before = await contents();

  await expect(put(Buffer.alloc(600_000), { maxBytes: 599_999 })).rejects.toMatchObject({
    code: 413,
    type: "TOO_LARGE",
  });

  expect(await contents()).toEqual(before);
});

test("a file without a stream is refused", async () => {
  const { bus } = await startFiles();

  await expect(
    bus.call("files.store", { name: "a", maxBytes: 10 }, as("connector")),
  ).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "stream" }] } });
});

test("P1: a file whose sender breaks off is refused, and what came of it is swept away", async () => {
  const { put } = await startFiles();
  const before = await contents();
  const broken = Readable.from(
    (function* () {
      yield Buffer.alloc(600_000);
      throw new Error("gone");
    })(),
  );

  await expect(put(broken)).rejects.toMatchObject({ code: 503 });
  await sweep(new Date(Date.now() + 2 * dayMs));

  expect(await contents()).toEqual({ ...before, files: 0, chunks: 0, loose: 0 });
});

test("B01: the same upload key twice is one file", async () => {
  const { put } = await startFiles();
  const uploadKey = newId();

  const first = await put(png, { uploadKey });
  const second = await put(Buffer.from("something else"), { uploadKey, name: "other" });

  expect(second).toEqual(first);
  const told = await announced("files", "files.stored");
  expect(told.filter(({ data }) => data.id === first.id)).toHaveLength(1);
});

test("B01: the same upload key many times at once is one file with one content", async () => {
  const { put } = await startFiles();
  const uploadKey = newId();
  const before = await contents();

  const kept = await Promise.all(Array.from({ length: 8 }, () => put(png, { uploadKey })));

  expect(new Set(kept.map((file) => file.id)).size).toBe(1);
  expect(await contents()).toEqual({
    files: before.files + 1,
    chunks: before.chunks + 1,
    loose: before.loose,
  });
});

test("B01: two files of one command are two files", async () => {
  const { put } = await startFiles();
  const meta = { ...as("agent").meta, commandId: newId() };

  const [one, two] = [await put(png, {}, meta), await put(png, {}, meta)];

  expect(one.id).not.toBe(two.id);
});

test("a file nobody claims within a day is removed with its content, and that is told", async () => {
  const { bus, put } = await startFiles();
  const file = await put(png);

  await sweep(new Date());
  expect(await bus.call("files.describe", { ids: [file.id] })).toHaveLength(1);
  const passes = await Promise.all([tomorrow(), tomorrow()]);

  expect(passes[0].files + passes[1].files).toBeGreaterThan(0);
  expect(await bus.call("files.describe", { ids: [file.id] })).toEqual([]);
  expect(await contents()).toEqual({ files: 0, chunks: 0, loose: 0 });
  const removed = await announced("files", "files.removed");
  expect(removed.filter(({ data }) => data.id === file.id)).toHaveLength(1);
});

test("a claimed file stays, and says again whose it is only where that changes", async () => {
  const { bus, put } = await startFiles();
  const file = await put(png);
  const owner = { ids: [file.id], ownerKind: "interaction", ownerId: newId() };
  const caseId = newId();

  await bus.call("files.claim", owner, as("connector"));
  await bus.call("files.claim", { ...owner, caseId }, as("connector"));
  await bus.call("files.claim", { ...owner, caseId }, as("connector"));
  await tomorrow();

  expect(await bus.call("files.describe", { ids: [file.id] })).toEqual([file]);
  const told = (await announced("files", "files.claimed")).filter((e) => e.data.id === file.id);
  expect(told.map((event) => event.aggregate.version)).toEqual([2, 3]);
  expect(told[1]?.changes).toEqual([{ field: "caseId", old: null, new: caseId }]);
});

test("a file of another owner, or none at all, cannot be claimed, nor any beside it", async () => {
  const { bus, put } = await startFiles();
  const [mine, foreign] = [await put(png), await put(png)];
  const owner = { ownerKind: "interaction", ownerId: newId() };
  await bus.call("files.claim", { ids: [foreign.id], ownerKind: "note", ownerId: newId() });

  await expect(
    bus.call("files.claim", { ...owner, ids: [mine.id, foreign.id] }),
  ).rejects.toMatchObject({ code: 409, type: "FILE_CLAIMED" });
  await expect(
    bus.call("files.claim", { ...owner, ids: [mine.id, newId()] }),
  ).rejects.toMatchObject({ code: 404, data: { what: "file" } });

  await bus.call("files.claim", { ...owner, ids: [mine.id], ownerId: newId() });
});

test("describe answers in the order asked and leaves out what is unknown", async () => {
  const { bus, put } = await startFiles();
  const [one, two] = [await put(png), await put(png)];

  const described = await bus.call("files.describe", { ids: [two.id, newId(), one.id] });

  expect(described.map((file) => file.id)).toEqual([two.id, one.id]);
});

test("an unknown file cannot be read", async () => {
  const { bus } = await startFiles();

  await expect(bus.call("files.read", { id: newId() })).rejects.toMatchObject({ code: 404 });
});

async function startFiles() {
  const bus = await startBus(files);
  return {
    bus,
    put: (content: Buffer | Readable, more: object = {}, meta = as("connector").meta) => {
      const params = { name: "a file", maxBytes: 5_000_000, ...more };
      const stream = Buffer.isBuffer(content) ? Readable.from([content]) : content;
      return bus.call("files.store", params, { meta, stream });
    },
    bytesOf: async (id: string, part: { start?: number; end?: number } = {}) =>
      buffer((await bus.call("files.read", { id, ...part })) as Readable),
  };
}

const tomorrow = () => sweep(new Date(Date.now() + dayMs + 60_000));

/** How many contents, chunks of them and loose contents there are. */
async function contents() {
  const count = (name: string) => nativeOf(database("files"), name).countDocuments();
  return {
    files: await count("content.files"),
    chunks: await count("content.chunks"),
    loose: await count("looseContent"),
  };
}
