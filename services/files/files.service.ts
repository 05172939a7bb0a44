/** Files: takes attachments in, hands them out, and lets nobody near who may not see their case. */
import type { Service } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import type { StoredFile } from "#shared/contracts/files.ts";
import { notFound } from "#shared/errors.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { followMerge } from "#shared/follow-merge.ts";
import type { Tx } from "#shared/mongo/write.ts";
import { runJobs, stopJobs } from "#shared/jobs.ts";
import { implement } from "#shared/service.ts";
import { requireReadable } from "./access.ts";
import { attachments } from "./attachments.ts";
import { attach } from "./attaching.ts";
import { claim } from "./claiming.ts";
import { streamOf } from "./content.ts";
import { remove } from "./deletion.ts";
import * as store from "./files.store.ts";
import { holdings } from "./holdings.ts";
import { startSweeping } from "./sweep.ts";
import { upload } from "./upload.ts";

export default implement("files", {
  actions: {
    ...announcer("files"),
    ...holdings,

    async store(ctx) {
      const { uploadKey } = ctx.params;
      const stream = streamOf(ctx);

      const before = uploadKey ? await store.findByUploadKey(uploadKey) : undefined;
      if (!before) return shown(await upload(ctx, stream));
      stream.resume();
      return shown(before);
    },

    async claim(ctx) {
      const { ids, ...owner } = ctx.params;
      await claim(ctx, ids, owner);
    },

    attach: (ctx) => attach(ctx),

    async describe(ctx) {
      const { ids, caseIds } = ctx.params;
      const found = (await store.findMany(ids)).filter(({ deletedAt }) => !deletedAt);
      const wanted = found.filter(({ caseId = "" }) => caseIds?.includes(caseId) ?? true);
      return wanted.map(shown);
    },

    ...attachments,

    delete: (ctx) => remove(ctx),

    async open(ctx) {
      const file = await found(ctx.params.id);
      await requireReadable(ctx, file);
      return shown(file);
    },

    async read(ctx) {
      const { id, ...part } = ctx.params;
      const { size } = await found(id);
      const end = Math.min(part.end ?? size, size);
      return store.contentOf(id, { start: Math.min(part.start ?? 0, end), end });
    },
  },

  events: {
    "customers.merged": follow,
    "customers.strayed": follow,

    /** Told once all messages of the case are there, and so are the claims to their files (F037). */
    "interactions.customerReplaced": ({ data }, { session }) =>
      store.replaceCustomer(data, session),

    /** The same for a case that was merged: its files are the survivor's (F094). */
    async "interactions.caseMoved"({ data: { mergeId, caseId, into } }, tx) {
      const moved = await store.moveCase({ from: caseId, into }, tx.session);
      tx.announce({
        event: "files.caseMoved",
        aggregate: { kind: "case", id: caseId, version: 1 },
        data: { mergeId, caseId, into, moved },
      });
    },
  },

  started() {
    runJobs(this, startSweeping(this.logger));
  },

  stopped() {
    return stopJobs(this);
  },
});

/** Files of a merged customer are the survivor's (F042). */
async function follow(
  this: Service,
  { data: { mergeId, absorbedId } }: DomainEvent<"customers.merged" | "customers.strayed">,
  tx: Tx<"files">,
): Promise<void> {
  await followMerge(this.broker as unknown as Broker, absorbedId, store.moveCustomer);
  tx.announce({
    event: "files.customerMoved",
    aggregate: { kind: "customer", id: absorbedId, version: 1 },
    data: { mergeId, absorbedId },
  });
}

/** @throws 404 NOT_FOUND, also for a file that was deleted */
async function found(id: string): Promise<store.KeptFile> {
  const file = await store.find(id);
  if (!file || file.deletedAt) throw notFound("file", id);
  return file;
}

const shown = ({ id, name, contentType, size, sha256, createdAt }: store.KeptFile): StoredFile => ({
  id,
  name,
  contentType,
  size,
  sha256,
  createdAt,
});
