/** Which case a message or call belongs to (D01), and what a case opened by one looks like. Pure. */
import type { Case, Filed, Filing } from "#shared/contracts/cases.ts";
import { standingOf, type Place } from "./lines.rules.ts";
import { foundBy, type FoundBy } from "./search.rules.ts";

/** What filing needs to know of a case that is there. */
export interface KnownCase {
  id: string;
  number: number;
  status: Case["status"];
  priority: Case["priority"];
  /** Whether it stands behind its line until the customer answers (`lines.rules.ts`). */
  awaitsCustomer: boolean;
  customerId: string;
  campaignId: string;
  /** The `seq` of its last interaction. */
  interactionCount: number;
  /** The place for messages that it holds, or held until it was closed. */
  place?: string;
  /** Whose cases were merged into it: their answers belong to it, too (D03). */
  absorbed?: readonly Party[];
}

/** Whose case it is, and where. */
interface Party {
  customerId: string;
  campaignId: string;
  place?: string;
}

/** A case to be opened, with the place that it will hold. */
export interface Opened extends Case, FoundBy, Place {
  slot: string;
}

/** What is known when filings are sorted: answered cases by id, holders and former holders by slot. */
export interface Known {
  answered: ReadonlyMap<string, KnownCase>;
  holders: ReadonlyMap<string, KnownCase>;
  formers: ReadonlyMap<string, KnownCase>;
}

/** Filings that go to one case: one that is there, or one to be opened. */
export interface Group {
  slot: string;
  target?: KnownCase;
  followUpOf?: string;
  filings: Filing[];
}

/** Where one message was filed. */
export type FiledCase = Required<Omit<Filed, "fault" | "customerId">>;

const sameParty = (known: KnownCase, filing: Filing): boolean =>
  [known, ...(known.absorbed ?? [])].some(
    (party) =>
      [filing.customerId, ...(filing.formerIds ?? [])].includes(party.customerId) &&
      (party.campaignId === filing.campaignId || cameBy(party, filing)),
  );

/** A case that was transferred to another campaign goes on with its conversation there (F084). */
const cameBy = ({ customerId, place = "" }: Party, { campaignId }: Filing): boolean =>
  place.startsWith(`${customerId}|${campaignId}|`);

/** Whom a message goes to that names a customer who was merged meanwhile (F042). */
export interface Survivor {
  id: string;
  name?: string;
  document?: string;
}

/** The message for the survivor; cases may still go by the id that it named. */
export function forwarded(filing: Filing, { id, name, document }: Survivor): Filing {
  const { customerName: _name, customerDocument: _document, ...rest } = filing;
  return {
    ...rest,
    customerId: id,
    formerIds: [...(filing.formerIds ?? []), filing.customerId],
    ...(name ? { customerName: name } : {}),
    ...(document ? { customerDocument: document } : {}),
  };
}

/**
 * The place that a message's case holds. Messages of one thread share it; so do those of a channel
 * without threads; those that answer one closed case share the place of its follow-up. A message
 * that starts a thread of its own (a fresh e-mail) gets a place that no other has.
 */
function slotOf(filing: Filing, closedAnswer?: KnownCase): string {
  const party = `${filing.customerId}|${filing.campaignId}`;
  if (closedAnswer) return `${party}|after|${closedAnswer.id}`;
  if (filing.threadKey !== undefined) {
    return `${party}|thread|${filing.channelId}|${filing.threadKey}`;
  }
  if (filing.startsThread) return `${party}|start|${filing.interactionId}`;
  return `${party}|channel|${filing.channelId}`;
}

/** The same, and the places that a case of the same customer may hold from before a merge. */
export function slotsOf(filing: Filing, closedAnswer?: KnownCase): string[] {
  const { customerId, formerIds = [] } = filing;
  const slot = slotOf(filing, closedAnswer);
  return [slot, ...formerIds.map((id) => slotFor(slot, customerId, id))];
}

/** The place as another customer's. */
export const slotFor = (slot: string, from: string, to: string): string =>
  slot.startsWith(`${from}|`) ? to + slot.slice(from.length) : slot;

/** The case that a message answers, when it is of the same customer and campaign. */
export function answeredBy(filing: Filing, known: Known): KnownCase | undefined {
  const answered = known.answered.get(filing.answersCaseId ?? "");
  return answered && sameParty(answered, filing) ? answered : undefined;
}

/** Puts filings together by the case that they go to, in the order they came. */
export function grouped(filings: readonly Filing[], known: Known): Group[] {
  const groups = new Map<string, Group>();
  for (const filing of filings) {
    const { key, ...group } = placeOf(filing, known);
    const there = groups.get(key);
    if (there) there.filings.push(filing);
    else groups.set(key, { ...group, filings: [filing] });
  }
  return [...groups.values()];
}

function placeOf(filing: Filing, known: Known): Omit<Group, "filings"> & { key: string } {
  const answered = answeredBy(filing, known);
  if (answered && answered.status !== "closed") {
    return { key: answered.id, slot: "", target: answered };
  }
  const slot = slotOf(filing, answered);
  const target = slotsOf(filing, answered).flatMap((one) => known.holders.get(one) ?? [])[0];
  if (target) return { key: target.id, slot, target };
  const followUpOf = (answered ?? closedThread(filing, slot, known))?.id;
  return { key: slot, slot, ...(followUpOf ? { followUpOf } : {}) };
}

/** A message in the thread of a closed case answers it, too. */
const closedThread = (filing: Filing, slot: string, known: Known): KnownCase | undefined =>
  filing.threadKey === undefined ? undefined : known.formers.get(slot);

/** The case that a group's first message opens (F059, G01). */
export function opened(group: Group, id: string, number: number, now: Date): Opened {
  const [first] = group.filings;
  const last = group.filings.at(-1);
  if (!first || !last) throw new Error("A group has at least one filing");
  const kase: Case = {
    id,
    number,
    status: "new",
    priority: "medium",
    description: first.preview,
    campaignId: first.campaignId,
    customerId: first.customerId,
    channelId: first.channelId,
    interactionCount: group.filings.length,
    lastInteraction: lastInteractionOf(last),
    ...heardIn(group),
    version: 1,
    createdAt: now,
    updatedAt: now,
    ...toldBy(first),
    ...(first.customerName ? { customerName: first.customerName } : {}),
    ...(first.customerDocument ? { customerDocument: first.customerDocument } : {}),
    ...(first.threadKey === undefined ? {} : { threadKey: first.threadKey }),
    ...(group.followUpOf ? { followUpOf: group.followUpOf } : {}),
  };
  return { ...kase, slot: group.slot, ...foundBy(kase), ...standingOf(kase) };
}

/** What the first message, or call, says of itself, for its case. */
const toldBy = ({ subject, from }: Filing): Pick<Case, "subject" | "from"> => ({
  ...(subject === undefined ? {} : { subject }),
  ...(from === undefined ? {} : { from }),
});

/** What of a group came from the customer: how much, and when the last of it. */
export function heardIn({ filings }: Group): Pick<Case, "unreadCount" | "lastCustomerUpdateAt"> {
  const heard = filings.filter(({ direction }) => direction !== "outbound");
  const last = heard.at(-1);
  return { unreadCount: heard.length, ...(last ? { lastCustomerUpdateAt: last.at } : {}) };
}

export const lastInteractionOf = (filing: Filing): NonNullable<Case["lastInteraction"]> => ({
  id: filing.interactionId,
  channelId: filing.channelId,
  direction: filing.direction ?? "inbound",
  ...(filing.kind === "call" ? { kind: filing.kind } : {}),
  preview: filing.preview,
  at: filing.at,
});

/** The answers for a group whose last message got `lastSeq` (P3: dense from 1). */
export function answersOf(
  group: Group,
  kase: { id: string; number: number; lastSeq: number; isNew: boolean },
): FiledCase[] {
  const firstSeq = kase.lastSeq - group.filings.length + 1;
  return group.filings.map(({ interactionId }, index) => ({
    interactionId,
    caseId: kase.id,
    number: kase.number,
    seq: firstSeq + index,
    isNew: kase.isNew && index === 0,
  }));
}
