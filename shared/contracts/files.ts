/** Files: attachments, streamed in and out, their type told by their content. */
import { contract } from "../contract.ts";
import { page, paging } from "./common.ts";
import { caseMoved } from "./cases/merge.ts";
import { customerMoved } from "./customers/merge.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  type Received,
} from "../fields.ts";
import { announcerActions, caseHolderActions, holderActions } from "./privacy.ts";

const position = whole(0, Number.MAX_SAFE_INTEGER);

export type StoredFile = Received<typeof StoredFile>;
export const StoredFile = {
  id,
  name: personal(text(255)),
  /** What the content is, whatever the sender called it. */
  contentType: text(120),
  /** Bytes. */
  size: whole(0, Number.MAX_SAFE_INTEGER),
  sha256: personal(text(64)),
  createdAt: instant,
};

/** What a file belongs to. */
const Owner = {
  ownerKind: text(40),
  ownerId: id,
  caseId: optional(id),
  customerId: optional(id),
};

/** A file as lists of attachments show it (F054, F186, F188). */
export type Attachment = Received<typeof Attachment>;
export const Attachment = {
  id,
  name: personal(text(255)),
  contentType: text(120),
  size: whole(0, Number.MAX_SAFE_INTEGER),
  createdAt: instant,
  /** Who brought it: a user, or the key of a connector. */
  createdBy: id,
  /** Missing where that is no user, or where the names cannot be asked for now. */
  createdByName: optional(text(120)),
  caseId: id,
  caseNumber: whole(1, Number.MAX_SAFE_INTEGER),
  /** With a message, or uploaded to the case by a user. */
  origin: oneOf("interaction", "upload"),
  /** The interaction that it came with. */
  interactionId: optional(id),
  /** Where it is downloaded. */
  url: text(200),
};

export const files = contract({
  actions: {
    /**
     * Keeps what the stream brings (the call's `stream` option) and answers once it is durable.
     * With the same `uploadKey` it answers the file kept before. A file that nobody claims within
     * a day is removed. 413 where it is more than `maxBytes`: nothing of it stays.
     */
    store: {
      params: {
        name: text(255),
        declaredType: optional(text(120)),
        uploadKey: optional(text(200)),
        maxBytes: whole(1, 200 * 1024 * 1024),
      },
      returns: record(StoredFile),
    },
    /**
     * Ties files to what they belong to, so that they stay and are found by it; the same owner may
     * claim again, to name the case. 404 for an unknown file, 409 FILE_CLAIMED for another's.
     */
    claim: {
      params: { ids: list(id, 1_000), ...Owner },
    },
    /**
     * Keeps what the stream brings (the call's `stream` option) with a case, as the user who asks.
     * With the same idempotency key it answers the file kept before.
     */
    attach: {
      params: {
        caseId: id,
        name: text(255),
        declaredType: optional(text(120)),
        maxBytes: whole(1, 200 * 1024 * 1024),
      },
      returns: record({ attachment: record(Attachment), sha256: personal(text(64)) }),
    },
    listOfCustomer: {
      rest: "GET /customers/:id/attachments",
      needs: "files.read",
      says: "The files of the customer's cases that the user may read, newest first (F054, F188). A page may hold fewer than `limit`, even none, and go on.",
      params: { id, limit: paging.limit, cursor: paging.cursor },
      returns: page(Attachment),
    },
    listOfCase: {
      rest: "GET /cases/:id/attachments",
      needs: "files.read",
      says: "The files of a case, by its id or number, newest first: those of its messages, and those that users uploaded (F186).",
      params: { id, ...paging },
      returns: page(Attachment),
    },
    delete: {
      rest: "DELETE /files/:id",
      needs: "files.delete",
      status: 204,
      says: "Deletes a file for good: its bytes are removed, its name and who deleted it when stay (F187, D16). Again is as once; 409 CASE_CLOSED on a closed case.",
      params: { id },
    },
    /** How many files these cases have, whoever may see them. */
    countOfCases: {
      params: { caseIds: list(id, 200) },
      returns: record({ count: whole(0, 1_000_000_000) }),
    },
    /** Unknown ids, and files that were deleted, are left out; so are, where cases are named, those of others. */
    describe: {
      params: { ids: list(id, 500), caseIds: optional(list(id, 200)) },
      returns: list(record(StoredFile), 500),
    },
    /** The file, for the user who may see its case: 404 where not. */
    open: { params: { id }, returns: record(StoredFile) },
    /**
     * Answers a stream of the file's bytes, or of those from `start` until before `end`; internal:
     * whoever asks has checked who may. A stream over the bus waits in the asker's memory, so ask
     * for a large file in parts.
     */
    read: { params: { id, start: optional(position), end: optional(position) } },
    ...announcerActions,
    ...holderActions,
    ...caseHolderActions,
  },
  doors: {
    upload: {
      rest: "POST /cases/:id/attachments",
      needs: "files.upload",
      consumes: "application/octet-stream",
      streamed: true,
      says: "Attaches a file to a case: its bytes are the body, its name stands in the query (F187). The type is told by the content; `contentType` helps only where that leaves it open.",
      accepts: { id, name: text(255), contentType: optional(text(120)) },
      returns: record(Attachment),
    },
    download: {
      rest: "GET /files/:id",
      needs: "files.read",
      produces: "application/octet-stream",
      statuses: [200, 206],
      says: "A file's bytes, always as a download, for who may see its case; takes one `Range`.",
      accepts: { id },
    },
  },
  events: {
    stored: { id, size: whole(0, Number.MAX_SAFE_INTEGER) },
    claimed: { id, ownerKind: text(40), ownerId: id, caseId: optional(id) },
    /** Nobody claimed it in time. */
    removed: { id },
    /** A user deleted it (D16). */
    deleted: { id, ownerKind: optional(text(40)), ownerId: optional(id), caseId: optional(id) },
    customerMoved,
    /** All files of a merged case are the survivor's. */
    caseMoved,
  },
  aggregates: { file: { ...StoredFile, ...Owner } },
});
