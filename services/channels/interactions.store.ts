/** The inbound record and the conversation: interactions, from the moment they come in. */
import type { AnyBulkWriteOperation, ClientSession, Filter } from "mongodb";
import { keepInOutbox, unsentEvent, wakeRelay } from "#shared/events/outbox.ts";
import { notFound } from "#shared/errors.ts";
import { entityOf, insertNew, keptOf, type Kept } from "#shared/mongo/store.ts";
import { findPage } from "#shared/mongo/pages.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { erasedAmong } from "./privacy.store.ts";
import { interactions, type KeptInteraction } from "./tables.store.ts";

export type { KeptInteraction };
type Row = Kept<KeptInteraction>;

/**
 * Records messages, journaled by a majority, before anything else happens to them (P1). Answers
 * for each the record that is kept: its own, or that of the same external id recorded before, though
 * its sender may have been erased since (P2, P16).
 */
export async function recordAll(records: readonly KeptInteraction[]): Promise<KeptInteraction[]> {
  if (records.length === 0) return [];
  const erased = await erasedAmong(records);
  if (erased.size === 0) return recordNew(records);
  const recorded = await recordNew(records.filter((_record, place) => !erased.has(place)));
  return Promise.all(
    records.map(async (_record, place) => {
      const before = erased.get(place);
      return before ? await get(before) : (recorded[place - earlier(place)] as KeptInteraction);
    }),
  );

  function earlier(place: number): number {
    return [...erased.keys()].filter((one) => one < place).length;
  }
}

async function recordNew(records: readonly KeptInteraction[]): Promise<KeptInteraction[]> {
  if (records.length === 0) return [];
  const doubled = await insertNew(
    interactions.native(),
    records.map((record) => keptOf<KeptInteraction>(record)),
  );
  if (doubled.length === 0) return [...records];
  const earlier = await findByExternalIds(
    doubled.map((index) => records[index] as KeptInteraction),
  );
  return records.map((record) => earlier.get(externalKey(record)) ?? record);
}

const externalKey = ({
  channelId,
  externalId = "",
}: Pick<KeptInteraction, "channelId" | "externalId">) => `${channelId} ${externalId}`;

/** Interactions by the connectors' own ids, keyed `channelId externalId`. */
async function findByExternalIds(
  sought: readonly Pick<KeptInteraction, "channelId" | "externalId">[],
): Promise<Map<string, KeptInteraction>> {
  if (sought.length === 0) return new Map();
  const either = sought.map(({ channelId, externalId }) => ({ channelId, externalId }));
  const found = await interactions
    .native()
    .find({ $or: either } as Filter<Row>)
    .toArray();
  return new Map(found.map((row) => [externalKey(row), entityOf<KeptInteraction>(row)]));
}

/**
 * The cases of the messages that these answer, by `channelId inReplyTo`. An e-mail may also answer
 * one that we have sent, by whatever channel it comes: we issued its Message-ID (D01).
 */
export async function casesAnswered(
  records: readonly KeptInteraction[],
): Promise<Map<string, string>> {
  const answers = records.flatMap(({ channelId, inReplyTo: externalId }) =>
    externalId === undefined ? [] : [{ channelId, externalId }],
  );
  if (answers.length === 0) return new Map();
  const issued = answers.flatMap(({ externalId }) => issuedId.exec(externalId)?.[1] ?? []);
  const either = [
    ...answers,
    ...(issued.length > 0 ? [{ _id: { $in: issued }, direction: "outbound" }] : []),
  ];
  const found = await interactions
    .native()
    .find({ $or: either } as Filter<Row>)
    .project<Named>({ channelId: 1, externalId: 1, caseId: 1 })
    .toArray();
  const own = new Map(found.map((one) => [one.externalId, one.caseId]));
  const byKey = new Map(found.map((one) => [externalKey(one), one.caseId]));
  return new Map(
    answers.flatMap((answer) => {
      const isOurs = issuedId.test(answer.externalId);
      const caseId = byKey.get(externalKey(answer)) ?? (isOurs ? own.get(answer.externalId) : "");
      return caseId ? [[externalKey(answer), caseId] as const] : [];
    }),
  );
}

type Named = Pick<KeptInteraction, "channelId" | "externalId" | "caseId">;

/** A Message-ID as our mailer makes it, of the id of what was sent. */
const issuedId = /^<([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})@/;

/** What became of a recorded message. */
export type Settlement = Pick<KeptInteraction, "id" | "state"> & Partial<KeptInteraction>;

/**
 * Keeps what became of messages, with their events, for those that still waited for it: the same
 * settlement twice, or by two replicas, is as once. It waits for no journal: the message is on
 * record and its case is kept, so what a crash takes away here the sweeper does again; and the relay
 * publishes only what a majority has.
 */
export async function settleAll(settlements: readonly Settling[]): Promise<void> {
  if (settlements.length === 0) return;
  try {
    await transaction("channels", (session) => settleIn(session, settlements), lightly);
  } catch (error) {
    if (!(error instanceof SettledBefore)) throw error;
    const again = async (session: ClientSession) =>
      settleIn(session, await stillWaiting(session, settlements));
    await transaction("channels", again, lightly);
  }
  wakeRelay("channels");
}

const lightly = { journaled: false };

interface Settling {
  record: KeptInteraction;
  settled: Settlement;
}

/** Another replica, or the sweeper, settled one of them: then we look which. */
class SettledBefore extends Error {}

async function settleIn(session: ClientSession, due: readonly Settling[]): Promise<void> {
  if (due.length === 0) return;
  const { matchedCount } = await interactions
    .native()
    .bulkWrite(due.map(settling), { session, ordered: false });
  if (matchedCount < due.length) throw new SettledBefore();
  await keepInOutbox("channels", due.map(announcement), session);
}

async function stillWaiting(session: ClientSession, settlements: readonly Settling[]) {
  const ids = settlements.map(({ record }) => record.id);
  const waiting = await interactions
    .native()
    .find({ _id: { $in: ids }, state: "received" }, { session })
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  const open = new Set(waiting.map(({ _id }) => _id));
  return settlements.filter(({ record }) => open.has(record.id));
}

function settling({ settled }: Settling): AnyBulkWriteOperation<Row> {
  const { id, ...set } = settled;
  return { updateOne: { filter: { _id: id, state: "received" }, update: { $set: set } } };
}

function announcement({ record, settled }: Settling) {
  const { id, channelId, campaignId, direction, kind } = record;
  const { caseId, customerId, seq, isNewCase = false } = settled;
  const meta = {
    actor: { kind: "connector" as const, id: channelId, permissions: [] },
    requestId: id,
  };
  const aggregate = { kind: "interaction", id, version: 1 };
  if (caseId && customerId && seq) {
    const filed = { id, channelId, campaignId, caseId, customerId, seq, isNewCase };
    const data = { ...filed, ...(kind === "call" ? { kind } : {}) };
    const event =
      direction === "inbound" ? "interactions.received" : ("interactions.reported" as const);
    return unsentEvent({ event, aggregate, key: caseId, data }, meta);
  }
  const event = settled.state === "blocked" ? "interactions.blocked" : "interactions.failed";
  return unsentEvent({ event, aggregate, data: { id, channelId, campaignId } }, meta);
}

/** Messages recorded before this moment that no case has yet, oldest first. */
export async function unsettled(before: Date, limit: number): Promise<KeptInteraction[]> {
  const rows = await interactions
    .native()
    .find({ state: "received", at: { $lt: before } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  return rows.map((row) => entityOf<KeptInteraction>(row));
}

/**
 * One interaction.
 * @throws 404 NOT_FOUND
 */
export async function get(id: string): Promise<KeptInteraction> {
  const row = await interactions.native().findOne({ _id: id });
  if (!row) throw notFound("interaction", id);
  return entityOf<KeptInteraction>(row);
}

/** A page of a case's interactions, by `seq`. */
export async function conversation(request: {
  caseId: string;
  channelId?: string;
  limit: number;
  cursor?: string;
  count?: boolean;
}) {
  const { caseId, channelId, ...paging } = request;
  const page = await findPage(interactions.native(), {
    filter: { caseId, ...(channelId ? { channelId } : {}) },
    sort: [["seq", 1]],
    ...paging,
  });
  return { ...page, items: page.items.map((row) => entityOf<KeptInteraction>(row)) };
}
