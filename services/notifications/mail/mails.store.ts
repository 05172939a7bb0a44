/** Where outgoing e-mails are kept: who they are for and how far they came, never what they say. */
import type { ClientSession, Filter, UpdateFilter } from "mongodb";
import { OutgoingMail } from "#shared/contracts/notifications/mails.ts";
import { notFound } from "#shared/errors.ts";
import { id, instant, optional, type Received } from "#shared/fields.ts";
import { newId } from "#shared/ids.ts";
import { findPage, longestMs, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, insertNew, type Kept } from "#shared/mongo/store.ts";
import type { Settled } from "#shared/mail/delivery.rules.ts";

const keptDays = 30;

type KeptMail = Received<typeof KeptMail>;
const KeptMail = {
  ...OutgoingMail,
  /** When it may be tried next. */
  nextAt: instant,
  /** Whose turn it is to send it, since when, and since when it may be with the server. */
  claim: optional(id),
  claimedAt: optional(instant),
  handedOverAt: optional(instant),
  keptUntil: instant,
};

const mails = collection("notifications", "outgoingMails", KeptMail, [
  { key: { state: 1, nextAt: 1 } },
  { key: { state: 1, _id: -1 } },
  { key: { keptUntil: 1 }, expireAfterSeconds: 0 },
]);

const mailOf = (row: Kept<KeptMail>): OutgoingMail => {
  const {
    nextAt: _next,
    claim: _claim,
    claimedAt: _claimed,
    handedOverAt: _handed,
    keptUntil: _until,
    ...mail
  } = entityOf<KeptMail>(row);
  return mail;
};

/** Puts an e-mail to an address into the queue. */
export const enqueue = (mail: Pick<OutgoingMail, "kind" | "to">, now: Date) =>
  mails.native().insertOne({ _id: newId(), ...mail, ...queuedAt(now) });

type Notice = { id: string; userId: string; caseId: string } & Pick<
  OutgoingMail,
  "executionId" | "place"
>;

/** Puts e-mails to users into the queue, each once: those that are there, or were sent, stay so. */
export async function add(
  kind: OutgoingMail["kind"],
  notices: readonly Notice[],
  now: Date,
): Promise<void> {
  if (notices.length === 0) return;
  await insertNew(
    mails.native(),
    notices.map(({ id: _id, ...mail }) => ({ _id, kind, ...mail, ...queuedAt(now) })),
  );
}

const queuedAt = (now: Date) => ({
  state: "queued" as const,
  attempts: 0,
  nextAt: now,
  createdAt: now,
  updatedAt: now,
  keptUntil: new Date(now.getTime() + keptDays * 86_400_000),
});

/** Takes the next e-mail that is due. */
export async function take(claim: string, now: Date): Promise<OutgoingMail | undefined> {
  const row = await mails.native().findOneAndUpdate(
    { state: "queued", nextAt: { $lte: now } },
    {
      $set: { state: "sending", claim, claimedAt: now, updatedAt: now },
      $inc: { attempts: 1 },
      $unset: { handedOverAt: "", fault: "" },
    },
    { sort: { nextAt: 1 }, returnDocument: "after" },
  );
  return row ? mailOf(row) : undefined;
}

/** Notes that the server is about to get the content; false where the turn has passed to others. */
export async function handOver(id: string, claim: string, now: Date): Promise<boolean> {
  const { matchedCount } = await mails
    .native()
    .updateOne({ _id: id, claim, state: "sending" }, { $set: { handedOverAt: now } });
  return matchedCount > 0;
}

/** Keeps how an attempt ended, unless somebody else has taken the e-mail since. */
export const settle = (id: string, claim: string, { fault, ...rest }: Settled, now: Date) =>
  mails.native().updateOne(
    { _id: id, claim },
    {
      $set: { ...rest, ...(fault && { fault }), updatedAt: now },
      ...(fault ? {} : { $unset: { fault: "" } }),
    },
  );

/** Removes an e-mail that nobody is to get. */
export const drop = (id: string, claim: string) => mails.native().deleteOne({ _id: id, claim });

/**
 * Those that were being sent since before a moment, by a process that is no more: what was not
 * handed over is tried again, of the others nobody knows.
 */
export async function recover(before: Date, now: Date): Promise<void> {
  const stuck: Filter<Kept<KeptMail>> = { state: "sending", claimedAt: { $lte: before } };
  const again: UpdateFilter<Kept<KeptMail>> = {
    $set: { state: "queued", nextAt: now, updatedAt: now },
    $unset: { claim: "" },
  };
  const fault = "The process ended while the mail was handed over";
  await mails.native().updateMany({ ...stuck, handedOverAt: { $exists: false } }, again);
  await mails
    .native()
    .updateMany(
      { ...stuck, handedOverAt: { $exists: true } },
      { $set: { state: "uncertain", fault, updatedAt: now } },
    );
}

/** @throws 404 NOT_FOUND */
export async function get(id: string, session: ClientSession): Promise<OutgoingMail> {
  const row = await mails.native().findOne({ _id: id }, { session });
  if (!row) throw notFound("mail", id);
  return mailOf(row);
}

/** Puts an e-mail back into the queue, with all its attempts before it. */
export async function requeue(id: string, now: Date, session: ClientSession) {
  const row = await mails.native().findOneAndUpdate(
    { _id: id },
    {
      $set: { state: "queued", attempts: 0, nextAt: now, updatedAt: now },
      $unset: { claim: "", fault: "" },
    },
    { session, returnDocument: "after" },
  );
  if (!row) throw notFound("mail", id);
  return mailOf(row);
}

interface Search {
  state?: OutgoingMail["state"];
  limit: number;
  cursor?: string;
  count?: boolean;
}

/** E-mails, the newest first. */
export async function page({ state, ...paging }: Search): Promise<Page<OutgoingMail>> {
  const filter = state ? { state } : {};
  const found = await findPage(mails.native(), { filter, sort: [["_id", -1]], ...paging });
  return { ...found, items: found.items.map(mailOf) };
}

const mostCounted = 10_000;

/** How many e-mails are in a state. */
export const countOf = (state: OutgoingMail["state"]): Promise<number> =>
  mails.native().countDocuments({ state }, { limit: mostCounted, maxTimeMS: longestMs });
