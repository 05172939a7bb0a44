/** What services promise so that a person can be shown, and erased, everywhere (B08, P16). */
import { actions } from "../contract.ts";
import {
  anything,
  id,
  list,
  nullable,
  optional,
  personal,
  record,
  text,
  whole,
  word,
  type Received,
} from "../fields.ts";
import { Change } from "./common.ts";

/** Changes as their announcer keeps them, with personal values. */
export type PersonalChanges = Received<typeof PersonalChanges>;
export const PersonalChanges = { id, changes: list(record(Change), 500) };

/** For each service that announces events. */
export const announcerActions = actions({
  /** The changes of these events with their values; one that is not kept any more is left out. */
  personalChanges: {
    params: { eventIds: list(id, 500) },
    returns: list(record(PersonalChanges), 500),
  },
});

/** The person in question. */
export type Subject = Received<typeof Subject>;
export const Subject = {
  /** The customer, and those that were merged into it. */
  customerIds: list(id, 1_000, 1),
  /** The normal forms of the addresses that are the person's own. */
  addresses: personal(list(text(700), 1_000)),
};

const cursor = word(/^[\w-]+$/, 4_000);
const count = whole(0, 1_000_000_000);

/** A page of one kind of thing that was erased. */
export type ErasedPage = Received<typeof ErasedPage>;
const ErasedPage = {
  kind: text(40),
  /** What is left of each, and why. */
  stays: text(300),
  /** All of the page, erased now or before. */
  ids: list(id, 100),
  /** How many of them still held something personal. */
  changed: count,
  /** Announcements and answers about them that did. */
  traces: count,
  nextCursor: nullable(cursor),
};

/** What became of one kind of thing, in the report of an erasure or of a retention run. */
export type ErasedKind = Received<typeof ErasedKind>;
export const ErasedKind = {
  service: text(40),
  kind: text(40),
  /** How many there were. */
  found: whole(0, 1_000_000_000),
  /** How often one of them held something that is gone now. */
  erased: whole(0, 1_000_000_000),
  /** What is left of each, and why. */
  stays: text(300),
};

/** For each service that keeps something about customers: one of `holders`. */
export const holderActions = actions({
  /** What the service keeps about the person, one kind after the other, a page at a time. */
  personalData: {
    params: { subject: record(Subject), cursor: optional(cursor) },
    returns: record({
      kind: text(40),
      items: list(record({ id, data: anything }), 100),
      nextCursor: nullable(cursor),
    }),
  },
  /** Erases what `personalData` shows, page by page; a page twice is as once. */
  erasePersonalData: {
    params: { subject: record(Subject), cursor: optional(cursor) },
    returns: record(ErasedPage),
  },
});

/** A case with what it has absorbed is at most a hundred; so many go together. */
const caseIds = list(id, 2_500, 1);

/** For each service that keeps something of cases: one of `caseHolders`. */
export const caseHolderActions = actions({
  /** How much the service keeps of these cases, by kind. */
  countCaseContent: {
    params: { caseIds },
    returns: list(record({ kind: text(40), stays: text(300), count }), 50),
  },
  /** Leaves of it what counts the work, page by page; a page twice is as once. */
  removeCaseContent: {
    params: { caseIds, cursor: optional(cursor) },
    returns: record(ErasedPage),
  },
});

/** Who keeps something of cases, in the order in which it goes: the cases themselves come last. */
export const caseHolders = ["channels", "files", "cases"] as const;

/** Who keeps something about customers, in the order in which it is shown and erased. */
export const holders = ["customers", "cases", "channels", "files", "imports"] as const;
export type Holder = (typeof holders)[number];
