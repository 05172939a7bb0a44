/** Files in MongoDB: what is known of each in `files`, the bytes in GridFS under `content`. */
import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ClientSession, Collection, IndexDescription } from "mongodb";
import mongoose from "mongoose";
import { StoredFile } from "#shared/contracts/files.ts";
import { version } from "#shared/contracts/common.ts";
import { id, instant, optional, personal, text, yesNo, type Received } from "#shared/fields.ts";
import { database } from "#shared/mongo/connection.ts";
import { collection, entityOf, isDuplicate, keptOf, nativeOf } from "#shared/mongo/store.ts";
import type { Meter } from "./content.ts";

/** A file with what it belongs to. */
export type KeptFile = Received<typeof KeptFile>;
export const KeptFile = {
  ...StoredFile,
  uploadKey: optional(personal(text(200))),
  /** Nobody has claimed it yet. */
  unclaimed: optional(yesNo),
  ownerKind: optional(text(40)),
  ownerId: optional(id),
  caseId: optional(id),
  customerId: optional(id),
  createdBy: id,
  /** Since when neither name nor content are there any more (B08). */
  erasedAt: optional(instant),
  version,
  /** A tombstone: the bytes are gone, when and by whom stays (D16). */
  deletedAt: optional(instant),
  deletedBy: optional(id),
};

const uploadKeyIndex = "uploadKey_once";

/** The files of a case, and of a customer, newest first. */
export const entries = { case: "case", customer: "customer" } as const;

const newestOf = (field: "caseId" | "customerId", name: string): IndexDescription => ({
  key: { [field]: 1, createdAt: -1, _id: -1 },
  name,
  partialFilterExpression: { [field]: { $exists: true } },
});

export const files = collection("files", "files", KeptFile, [
  {
    key: { uploadKey: 1 },
    name: uploadKeyIndex,
    unique: true,
    partialFilterExpression: { uploadKey: { $exists: true } },
  },
  { key: { createdAt: 1 }, partialFilterExpression: { unclaimed: true } },
  newestOf("caseId", entries.case),
  newestOf("customerId", entries.customer),
]);

/**
 * Bytes that no file stands for: those that are coming in, and those of a removed file. Whatever
 * a crash leaves behind is found here.
 */
const looseContent = collection("files", "looseContent", { id, since: instant }, [
  { key: { since: 1 } },
]);

// The bytes themselves, so that their collections and indexes are there before the first upload.
collection("files", "content.chunks", { id }, [{ key: { files_id: 1, n: 1 }, unique: true }]);
collection("files", "content.files", { id }, [{ key: { filename: 1, uploadDate: 1 } }]);

/** As the driver has it, but for identifiers of our own kind. */
interface Bucket {
  openUploadStreamWithId(id: string, filename: string): Writable;
  openDownloadStream(id: string, part: { start?: number; end?: number }): Readable;
}

/** Written like everything else: a majority has it in its journal (P1). */
function bucket(): Bucket {
  const connection = database("files");
  const db = connection.getClient().db(connection.name);
  return new mongoose.mongo.GridFSBucket(db, {
    bucketName: "content",
    writeConcern: { w: "majority", journal: true },
  }) as unknown as Bucket;
}

/** Takes in the bytes of a file to be; they are loose until a file stands for them. */
export async function receiveContent(id: string, from: Readable, meter: Meter): Promise<void> {
  await looseContent.native().insertOne({ _id: id, since: new Date() });
  const storageName = randomBytes(16).toString("hex");
  await pipeline(from, meter, bucket().openUploadStreamWithId(id, storageName));
}

/** Removes bytes that no file stands for. */
export async function removeContent(id: string): Promise<void> {
  await nativeOf<{ _id: string }>(database("files"), "content.files").deleteOne({ _id: id });
  await removeChunks(id);
  await looseContent.native().deleteOne({ _id: id });
}

/** Removes what came of an upload that broke off; it stays loose, for some may yet be written. */
export async function removeChunks(id: string): Promise<void> {
  const chunks: Collection<{ files_id: string }> = nativeOf(database("files"), "content.chunks");
  await chunks.deleteMany({ files_id: id });
}

/** Bytes, whole or from `start` until before `end`. */
export const contentOf = (id: string, part: { start?: number; end?: number }): Readable =>
  bucket().openDownloadStream(id, part);

/** Keeps a file whose bytes are there. */
export async function keep(file: KeptFile, session: ClientSession): Promise<void> {
  await files.native().insertOne(keptOf(file), { session });
  await looseContent.native().deleteOne({ _id: file.id }, { session });
}

/** Whether a file could not be kept because another upload with its key was faster. */
export const isSecondUpload = (error: unknown): boolean => isDuplicate(error, uploadKeyIndex);

/** A file, or what stays of one that was deleted. */
export async function find(id: string, session?: ClientSession): Promise<KeptFile | undefined> {
  const kept = await files.native().findOne({ _id: id }, session ? { session } : undefined);
  return kept ? entityOf<KeptFile>(kept) : undefined;
}

export async function findByUploadKey(uploadKey: string): Promise<KeptFile | undefined> {
  const kept = await files.native().findOne({ uploadKey });
  return kept ? entityOf<KeptFile>(kept) : undefined;
}

/** Those of the files that are there, and what stays of deleted ones, in the order of the ids. */
export async function findMany(
  ids: readonly string[],
  session?: ClientSession,
): Promise<KeptFile[]> {
  const kept = await files
    .native()
    .find({ _id: { $in: [...ids] } }, session ? { session } : {})
    .toArray();
  const byId = new Map(kept.map((one) => [one._id, entityOf<KeptFile>(one)]));
  return [...new Set(ids)].flatMap((one) => byId.get(one) ?? []);
}

/** What a claim says of each of its files. */
export type Claim = Pick<KeptFile, "ownerKind" | "ownerId" | "caseId" | "customerId">;

/** Ties files to their owner. */
export async function claim(
  claimed: readonly KeptFile[],
  by: Claim,
  session: ClientSession,
): Promise<void> {
  await files
    .native()
    .updateMany(
      { _id: { $in: claimed.map((file) => file.id) } },
      { $set: by, $unset: { unclaimed: "" }, $inc: { version: 1 } },
      { session },
    );
}

/** All files of these customers become that one's; twice is as once. */
export async function moveCustomer({ from, to }: { from: string[]; to: string }): Promise<void> {
  if (from.length === 0) return;
  await files.native().updateMany({ customerId: { $in: from } }, { $set: { customerId: to } });
}

/** All files of a case become this customer's. */
export async function replaceCustomer(
  { caseId, customerId }: { caseId: string; customerId: string },
  session: ClientSession,
): Promise<void> {
  await files.native().updateMany({ caseId }, { $set: { customerId } }, { session });
}

/** All files of a case become the other's; answers how many of them are there to be read. */
export async function moveCase(
  { from, into }: { from: string; into: string },
  session: ClientSession,
): Promise<number> {
  const there = { caseId: from, deletedAt: { $exists: false } };
  const moved = await files.native().countDocuments(there, { session });
  const uploaded = { caseId: from, ownerKind: "case", ownerId: from };
  await files.native().updateMany(uploaded, { $set: { ownerId: into } }, { session });
  await files.native().updateMany({ caseId: from }, { $set: { caseId: into } }, { session });
  return moved;
}

/** Some of the files made before then that nobody has claimed. */
export async function unclaimedBefore(then: Date, limit: number): Promise<KeptFile[]> {
  const kept = await files
    .native()
    .find({ unclaimed: true, createdAt: { $lt: then } })
    .sort({ createdAt: 1 })
    .limit(limit)
    .toArray();
  return kept.map((one) => entityOf<KeptFile>(one));
}

/** Removes a file that is still unclaimed; its bytes are loose from then on. False: too late. */
export async function removeUnclaimed(id: string, session: ClientSession): Promise<boolean> {
  const { deletedCount } = await files
    .native()
    .deleteOne({ _id: id, unclaimed: true }, { session });
  if (deletedCount === 0) return false;
  await loosen(id, session);
  return true;
}

/** Says that no file stands for these bytes any more. */
export async function loosen(id: string, session: ClientSession): Promise<void> {
  await looseContent.native().insertOne({ _id: id, since: new Date() }, { session });
}

/** Some of the bytes that have been loose since before then. */
export async function looseSince(then: Date, limit: number): Promise<string[]> {
  const loose = await looseContent
    .native()
    .find({ since: { $lt: then } })
    .sort({ since: 1 })
    .limit(limit)
    .toArray();
  return loose.map((one) => one._id);
}
