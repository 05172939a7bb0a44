/** Files: attachments, streamed in and out, their type told by their content. */
import { contract } from "../contract.ts";
import {
  id,
  instant,
  list,
  optional,
  personal,
  record,
  text,
  whole,
  type Received,
} from "../fields.ts";
import { announcerActions, holderActions } from "./privacy.ts";

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
    /** Unknown ids are left out. */
    describe: { params: { ids: list(id, 500) }, returns: list(record(StoredFile), 500) },
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
  },
  doors: {
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
    removed: { id },
  },
  aggregates: { file: { ...StoredFile, ...Owner } },
});
