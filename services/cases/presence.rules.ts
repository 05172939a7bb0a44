/** Who is in which case, and what entering makes of it (F077-F079, G01, D11). Pure. */
import type { Case } from "#shared/contracts/cases.ts";
import { conflict } from "#shared/errors.ts";
import { actedOn, stamped, withStatus, type Stamp } from "./life.rules.ts";

/** A case that a user is in, in one session. */
export interface Entry {
  caseId: string;
  number: number;
  campaignId: string;
  sessionId: string;
  at: Date;
}

/** A user with all that the user is in. */
export interface Visitor {
  /** The user's. */
  id: string;
  /** Goes up with each entering and leaving. */
  version: number;
  entries: Entry[];
}

/** What one user may be in at once. */
const mostEntries = 50;

export const nowhere = (id: string): Visitor => ({ id, version: 0, entries: [] });

/**
 * The user enters a case; who is in it in this session already is the same visitor.
 * @throws 409 TOO_MANY_ENTERED
 */
export function entered(visitor: Visitor, entry: Entry): Visitor {
  const isThere = visitor.entries.some(
    ({ caseId, sessionId }) => caseId === entry.caseId && sessionId === entry.sessionId,
  );
  if (isThere) return visitor;
  if (visitor.entries.length >= mostEntries) {
    throw conflict("TOO_MANY_ENTERED", "You are in too many cases; leave one first", {
      limit: mostEntries,
    });
  }
  return { ...visitor, version: visitor.version + 1, entries: [...visitor.entries, entry] };
}

/** The user leaves what these are; where that is nothing it is the same visitor. */
export function left(
  visitor: Visitor,
  goes: (entry: Entry) => boolean,
): { visitor: Visitor; gone: Entry[] } {
  const gone = visitor.entries.filter(goes);
  if (gone.length === 0) return { visitor, gone };
  const entries = visitor.entries.filter((entry) => !gone.includes(entry));
  return { visitor: { ...visitor, version: visitor.version + 1, entries }, gone };
}

/** Whether an entry is of the case that somebody names by id or number. */
export const isOf = ({ caseId, number }: Entry, idOrNumber: string): boolean =>
  caseId === idOrNumber || String(number) === idOrNumber;

/**
 * What a case is once somebody has entered it: a new one is open whoever it was, a transferred one
 * when it was the new assignee (G01).
 */
export function opened(kase: Case, stamp: Stamp): Case {
  const isAwaited = kase.status === "transferred" && kase.assigneeId === stamp.by;
  const after = isAwaited ? withStatus(kase, "open") : actedOn(kase);
  return after === kase ? kase : stamped(after, stamp);
}

/** Who is in a case, each user once. */
export const presentIn = (
  caseId: string,
  visitors: readonly Visitor[],
): { userId: string; since: Date }[] =>
  visitors.map(({ id: userId, entries }) => {
    const times = entries.filter((entry) => entry.caseId === caseId).map(({ at }) => Number(at));
    return { userId, since: new Date(Math.min(...times)) };
  });
