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

export type StoredFile = Received<typeof StoredFile>;
export const StoredFile = {
  id,
  name: personal(text(255)),
  /** What the content is, whatever the sender called it. */
  contentType: text(120),
  /** Bytes. */
  size: whole(0, Number.MAX_SAFE_INTEGER),
  sha256: text(64),
  createdAt: instant,
};

export const files = contract({
  actions: {
    /**
     * Keeps what the stream brings (the call's `stream` option). With the same `uploadKey` it
     * answers the file kept before. A file that nobody claims within a day is removed.
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
    /** Ties files to what they belong to, so that they stay and are found by it. */
    claim: {
      params: {
        ids: list(id, 1_000),
        ownerKind: text(40),
        ownerId: id,
        caseId: optional(id),
        customerId: optional(id),
      },
    },
    describe: { params: { ids: list(id, 500) }, returns: list(record(StoredFile), 500) },
    /** Answers a stream of the file's bytes; internal: whoever asks has checked who may. */
    read: { params: { id } },
    download: {
      rest: "GET /files/:id",
      needs: "files.read",
      produces: "application/octet-stream",
      says: "A file's bytes, always as a download, for who may see its case.",
      params: { id },
    },
  },
  events: {
    stored: { id, size: whole(0, Number.MAX_SAFE_INTEGER) },
    removed: { id },
  },
});
