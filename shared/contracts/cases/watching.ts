/** Who has a case before them, and who is writing on it, live (B13). */
import { actions, doors } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  text,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";

/** What somebody is writing on a case. */
export const writing = oneOf("message", "activity", "note");

/** Somebody who is in a case, or has it before them. */
export type Attendance = Received<typeof Attendance>;
export const Attendance = {
  userId: id,
  /** Missing where names cannot be asked for now. */
  name: optional(text(120)),
  since: instant,
  /** Whether they entered it, which makes them busy; otherwise they only look. */
  entered: yesNo,
  /** What they are writing at this moment. */
  typing: optional(writing),
};

export const attendances = list(record(Attendance), 100);

export const watchingActions = actions({
  noteTyping: {
    rest: "POST /cases/:id/typing",
    needs: "cases.read",
    status: 204,
    says: "Says that the user is writing on the case; for 6 seconds, so repeat it while that goes on (B13).",
    params: { id, what: withDefault(writing, "message") },
  },
  stopTyping: {
    rest: "DELETE /cases/:id/typing",
    needs: "cases.read",
    status: 204,
    says: "Says that the user writes no more on the case (B13).",
    params: { id },
  },
  /**
   * What `presence` answers, for who goes on watching: they are among those who have the case
   * before them, for 40 seconds from then. `changesAt`: when that changes by itself, if nothing
   * else does.
   */
  watch: {
    params: { id, watcherId: id },
    returns: record({ items: attendances, changesAt: optional(instant) }),
  },
  /** They watch no more. */
  unwatch: { params: { id, watcherId: id } },
});

export const watchingDoors = doors({
  streamPresence: {
    rest: "GET /cases/:id/presence/stream",
    needs: "cases.read",
    status: 200,
    produces: "text/event-stream",
    says: "Who is in the case, who has it before them and who is writing, live: server-sent events `presence`, each with what `GET /cases/{id}/presence` answers. Who listens has the case before them (B13).",
    accepts: { id },
  },
});
