/** Audit: the change log of every aggregate, append-only (D18, B06). */
import { contract } from "../contract.ts";
import {
  id,
  instant,
  list,
  nullable,
  oneOf,
  optional,
  record,
  text,
  whole,
  type Received,
} from "../fields.ts";
import { Change, page, paging } from "./common.ts";

export type ChangeEntry = Received<typeof ChangeEntry>;
export const ChangeEntry = {
  /** The event's id. */
  id,
  /** `cases.created` and such: the type of modification (F116). */
  event: text(80),
  aggregate: text(40),
  aggregateId: id,
  aggregateVersion: whole(0, 1_000_000_000),
  actorKind: text(20),
  actorId: id,
  actorName: optional(text(200)),
  /** What kind of doing it was (D18); missing in entries from before it was told. */
  because: optional(oneOf("user", "connector", "system", "merge", "rule")),
  /** The case that it is about, where that is not the aggregate itself. */
  caseId: optional(id),
  /** What made the actor's change happen: a request, an import, a rule. */
  cause: optional(text(200)),
  changes: list(record(Change), 500),
  at: instant,
};

export const audit = contract({
  actions: {
    list: {
      rest: "GET /changes",
      needs: "audit.read",
      says: "The change log, newest first; of one aggregate, one actor or a range of time (D18).",
      params: {
        ...paging,
        aggregate: optional(text(40)),
        aggregateId: optional(id),
        actorId: optional(id),
        from: optional(instant),
        to: optional(instant),
      },
      returns: page(ChangeEntry),
    },
    ofCase: {
      rest: "GET /cases/:id/changes",
      needs: "audit.read",
      says: "What was changed of a case, by its id or number, and of what belongs to it, newest first (F114-F117); `from` is included, `to` is not.",
      params: { id, ...paging, from: optional(instant), to: optional(instant) },
      returns: page(ChangeEntry),
    },
    /** The change log of several aggregates, newest first, for who shows or erases them (B08). */
    changesOf: {
      params: { aggregateIds: list(id, 200), limit: paging.limit, cursor: paging.cursor },
      returns: page(ChangeEntry),
    },
    /**
     * Blanks the personal values in the entries of these aggregates, a page at a time: that, when
     * and by whom something changed stays. A page twice is as once.
     */
    eraseValues: {
      params: { aggregateIds: list(id, 200), cursor: paging.cursor },
      returns: record({
        found: whole(0, 1_000),
        changed: whole(0, 1_000),
        nextCursor: nullable(text(3_000)),
      }),
    },
    /** The dead letters: events that a service could not take in, however often it tried. */
    listDeadLetters: {
      rest: "GET /operations/dead-letters",
      needs: "operations.manage",
      says: "Events that a service failed to take in for good, oldest first.",
      params: { limit: paging.limit, cursor: paging.cursor },
      returns: page({
        id,
        event: text(80),
        eventId: id,
        service: text(40),
        reason: text(1_000),
        attempts: whole(1, 1_000_000),
        at: instant,
      }),
    },
    replayDeadLetter: {
      rest: "POST /operations/dead-letters/:id/replay",
      needs: "operations.manage",
      status: 202,
      says: "Hands a dead letter to its service once more.",
      params: { id },
      returns: record({ id, event: text(80), service: text(40) }),
    },
  },
  events: {},
});
