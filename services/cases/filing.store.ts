/** Files messages with their cases in bulk: few round trips, one transaction for a whole batch. */
import { setTimeout as pause } from "node:timers/promises";
import type { Filing } from "#shared/contracts/cases.ts";
import { unavailable } from "#shared/errors.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { isAwaitingRank } from "./lines.rules.ts";
import * as rules from "./filing.rules.ts";
import { fileGroups } from "./filing-writes.store.ts";
import { cases, filings as filed, type KeptCase } from "./tables.store.ts";

/** How often a batch starts over because another replica opened or closed one of its cases. */
const mostRounds = 50;

/**
 * Files each message, opening cases where there is none (D01). The same message again finds its
 * first filing; another replica that opens the same case at the same moment is met half way. That a
 * message was filed before is rare, so that the first round finds out by trying.
 *
 * @throws the database's error when it cannot be reached; 503 when others come first again and
 *   again; Forwarded where customers have been merged: file for their survivors
 */
export async function fileAll(batch: readonly Filing[], now: Date): Promise<rules.FiledCase[]> {
  const answers = new Map<string, rules.FiledCase>();
  const keep = (filed: readonly rules.FiledCase[]) => {
    for (const one of filed) answers.set(one.interactionId, one);
  };
  for (let round = 1; ; round += 1) {
    const sought = round === 1 ? [] : batch;
    const [before, there] = await Promise.all([filedBefore(sought), known(batch)]);
    keep(before);
    const open = unique(batch.filter(({ interactionId }) => !answers.has(interactionId)));
    const done = open.length === 0 ? [] : await fileGroups(rules.grouped(open, there), now);
    if (done) {
      keep(done);
      return batch.map(({ interactionId }) => answers.get(interactionId) as rules.FiledCase);
    }
    if (round === mostRounds) throw unavailable("Too many write to these cases at the same time");
    await pause(Math.random() * Math.min(40, 2 * round));
  }
}

const unique = (batch: readonly Filing[]): Filing[] => [
  ...new Map(batch.map((filing) => [filing.interactionId, filing])).values(),
];

async function filedBefore(batch: readonly Filing[]): Promise<rules.FiledCase[]> {
  if (batch.length === 0) return [];
  const ids = batch.map(({ interactionId }) => interactionId);
  const found = await filed
    .native()
    .find({ _id: { $in: ids } })
    .toArray();
  return found.map(({ _id, caseId, number, seq, isNew }) => ({
    interactionId: _id,
    caseId,
    number,
    seq,
    isNew,
  }));
}

const shown = {
  number: 1,
  status: 1,
  priority: 1,
  rank: 1,
  customerId: 1,
  campaignId: 1,
  interactionCount: 1,
  slot: 1,
  formerSlot: 1,
  mergedInto: 1,
  absorbed: 1,
} as const;
type Shown = Pick<Kept<KeptCase>, "_id" | keyof typeof shown>;

const knownOf = ({
  _id,
  number,
  status,
  priority,
  rank,
  customerId,
  campaignId,
  interactionCount,
  slot,
  formerSlot,
}: Shown): rules.KnownCase => {
  const place = slot ?? formerSlot;
  return {
    ...{ id: _id, number, status, priority, customerId, campaignId, interactionCount },
    awaitsCustomer: isAwaitingRank(rank),
    ...(place === undefined ? {} : { place }),
  };
};

/** What these stand for: of a case that was merged, the one that it leads to (D03). */
async function ledTo(found: readonly Shown[]): Promise<(one: Shown) => rules.KnownCase> {
  const survivorIds = found.flatMap(({ mergedInto }) => mergedInto ?? []);
  const survivors = await find({ _id: { $in: survivorIds } }, survivorIds.length);
  const leading = [...found, ...survivors].flatMap(({ absorbed = [] }) => absorbed);
  const absorbedIds = leading.map(({ id }) => id);
  const absorbed = await find({ _id: { $in: absorbedIds } }, absorbedIds.length);
  const byId = new Map([...found, ...survivors, ...absorbed].map((one) => [one._id, one]));
  return (one) => {
    const survivor = byId.get(one.mergedInto ?? "") ?? one;
    const gone = survivor.absorbed?.flatMap(({ id }) => byId.get(id) ?? []).map(knownOf) ?? [];
    return { ...knownOf(survivor), ...(gone.length > 0 ? { absorbed: gone } : {}) };
  };
}

/** Reads, by index, the cases that these messages may go to. */
async function known(batch: readonly Filing[]): Promise<rules.Known> {
  const answeredIds = batch.flatMap(({ answersCaseId }) => answersCaseId ?? []);
  const answeredCases = await find({ _id: { $in: answeredIds } }, answeredIds.length);
  const standing = await ledTo(answeredCases);
  const answered = new Map(answeredCases.map((one) => [one._id, standing(one)]));
  const partial = { answered, holders: new Map(), formers: new Map() };
  const slots = batch.flatMap((filing) => rules.slotsOf(filing, rules.answeredBy(filing, partial)));
  const holders = await find({ slot: { $in: slots } }, slots.length);
  const held = new Set(holders.map(({ slot }) => slot));
  // after the holders: a case that is closed in between has its place in one of the two
  const free = slots.filter((slot) => slot.includes("|thread|") && !held.has(slot));
  const formers = await find({ formerSlot: { $in: free } }, free.length, newestLast);
  const leading = await ledTo([...holders, ...formers]);
  return {
    answered,
    holders: new Map(holders.map((one) => [String(one.slot), leading(one)])),
    formers: new Map(formers.map((one) => [String(one.formerSlot), leading(one)])),
  };
}

const newestLast = { formerSlot: 1, number: 1 } as const;

const find = (filter: object, wanted: number, sort?: Record<string, 1 | -1>): Promise<Shown[]> =>
  wanted === 0
    ? Promise.resolve([])
    : cases
        .native()
        .find(filter, { ...(sort ? { sort } : {}) })
        .project<Shown>(shown)
        .toArray();
