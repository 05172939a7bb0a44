/** The transaction that files a batch: cases opened and joined, filings and events kept together. */
import type { AnyBulkWriteOperation, ClientSession } from "mongodb";
import type { Filing } from "#shared/contracts/cases.ts";
import { keepInOutbox, unsentEvent, wakeRelay } from "#shared/events/outbox.ts";
import { newId } from "#shared/ids.ts";
import { isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import * as rules from "./filing.rules.ts";
import { ranks } from "./lines.rules.ts";
import { survivorsOf } from "./merged-customers.store.ts";
import { nextNumbers } from "./numbers.store.ts";
import { cases, filings as filed, type KeptCase } from "./tables.store.ts";

/** Another closed one of the cases, or added to it, after it was read: nothing was written, start over. */
class Superseded extends Error {}

/** A case was to be opened for customers that have been merged: nothing was written. */
export class Forwarded extends Error {
  readonly into: ReadonlyMap<string, string>;

  constructor(into: ReadonlyMap<string, string>) {
    super("Customers of these messages have been merged");
    this.into = into;
  }
}

/** One transaction for the groups; undefined when another replica was there first. */
export async function fileGroups(
  groups: readonly rules.Group[],
  now: Date,
): Promise<rules.FiledCase[] | undefined> {
  const fresh = groups.filter(({ target }) => !target);
  const numbers = await nextNumbers(fresh.length);
  const openings = fresh.map((group, index) => ({
    group,
    kase: rules.opened(group, newId(), numbers[index] as number, now),
  }));
  const joining = groups.filter(({ target }) => target);
  try {
    const answers = await transaction("cases", (session) =>
      fileIn(session, openings, joining, now),
    );
    wakeRelay("cases");
    return answers;
  } catch (error) {
    if (error instanceof Superseded || isDuplicate(error)) return undefined;
    throw error;
  }
}

interface Opening {
  group: rules.Group;
  kase: rules.Opened;
}

async function fileIn(
  session: ClientSession,
  openings: readonly Opening[],
  joining: readonly rules.Group[],
  now: Date,
): Promise<rules.FiledCase[]> {
  const answers = openings.flatMap(({ group, kase: { id, number, interactionCount } }) =>
    rules.answersOf(group, { id, number, lastSeq: interactionCount, isNew: true }),
  );
  if (openings.length > 0) {
    await requireUnmerged(openings, session);
    const documents = openings.map(({ kase }) => keptOf<KeptCase>(kase));
    await cases.native().insertMany(documents, { session, ordered: false });
    await keepInOutbox("cases", openings.map(announcement), session);
  }
  if (joining.length > 0) {
    answers.push(...(await join(session, joining)));
  }
  const rows = answers.map(({ interactionId, ...one }) => ({
    _id: interactionId,
    ...one,
    at: now,
  }));
  await filed.native().insertMany(rows, { session, ordered: false });
  return answers;
}

/**
 * No case is opened for a customer of whose merge we have heard. One look-up by primary key for a
 * whole batch, in its own snapshot: a merge that commits at the same moment is not met. The case is
 * then moved as soon as its message is announced, for customers tells of the merge again.
 * @throws Forwarded
 */
async function requireUnmerged(openings: readonly Opening[], session: ClientSession) {
  const into = await survivorsOf(
    openings.map(({ kase }) => kase.customerId),
    session,
  );
  if (into.size > 0) throw new Forwarded(into);
}

/** Adds to cases that are there, as long as they are as they were read: so their `seq` is known. */
async function join(
  session: ClientSession,
  groups: readonly rules.Group[],
): Promise<rules.FiledCase[]> {
  const { matchedCount } = await cases.native().bulkWrite(
    groups.map((group) => joinOperation(group)),
    { session, ordered: false },
  );
  if (matchedCount < groups.length) throw new Superseded();
  return groups.flatMap((group) => {
    const { id, number, interactionCount } = group.target as rules.KnownCase;
    const lastSeq = interactionCount + group.filings.length;
    return rules.answersOf(group, { id, number, lastSeq, isNew: false });
  });
}

/**
 * A message does not raise the case's version, nor move `updatedAt`: an agent's edit must not be
 * refused for it. When the customer last wrote stands in `lastCustomerUpdateAt`; what the company
 * sent does not move that. A case that awaits its customer takes its place in line with the answer.
 */
function joinOperation(group: rules.Group): AnyBulkWriteOperation<Kept<KeptCase>> {
  const last = group.filings.at(-1) as Filing;
  const { id, interactionCount, priority, awaitsCustomer } = group.target as rules.KnownCase;
  const { unreadCount, lastCustomerUpdateAt } = rules.heardIn(group);
  const isAnswer = awaitsCustomer && unreadCount > 0;
  return {
    updateOne: {
      filter: {
        ...{ _id: id, interactionCount, status: { $ne: "closed" } },
        ...(isAnswer ? { priority } : {}),
      },
      update: {
        $inc: { interactionCount: group.filings.length, unreadCount },
        $set: {
          lastInteraction: rules.lastInteractionOf(last),
          ...(isAnswer ? { rank: ranks[priority] } : {}),
        },
        ...(lastCustomerUpdateAt ? { $max: { lastCustomerUpdateAt } } : {}),
      },
    },
  };
}

function announcement({ kase }: Opening) {
  const { id, number, campaignId, customerId, channelId, status, priority, followUpOf } = kase;
  // what the message said is in the conversation: its values would be fetched for every new case
  const set = { number, status, priority, campaignId, customerId, channelId };
  return unsentEvent(
    {
      event: "cases.created",
      aggregate: { kind: "case", id, version: 1 },
      changes: Object.entries({ ...set, ...(followUpOf ? { followUpOf } : {}) }).map(
        ([field, value]) => ({ field, new: value }),
      ),
      data: {
        id,
        number,
        campaignId,
        customerId,
        cause: "message",
        ...(channelId ? { channelId } : {}),
      },
    },
    {
      actor: { kind: "connector", id: channelId ?? "unknown", permissions: [] },
      requestId: kase.lastInteraction?.id ?? id,
    },
  );
}
