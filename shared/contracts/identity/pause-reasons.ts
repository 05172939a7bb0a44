/** Why agents pause, as administrators configure it (G19). */
import { actions } from "../../contract.ts";
import {
  id,
  list,
  optional,
  partial,
  record,
  text,
  whole,
  withDefault,
  word,
  yesNo,
  type Received,
} from "../../fields.ts";
import { trail, version } from "../common.ts";

/** What a reason is called by programs, such as `lunch`. */
export const reasonCode = word(/^[a-z][A-Za-z0-9-]*$/, 40);

const facts = {
  names: record({ en: text(80), es: text(80) }),
  /** The place in lists, ascending. */
  order: withDefault(whole(0, 10_000), 0),
  /** A disabled one stays in the history; nobody pauses for it anew. */
  enabled: withDefault(yesNo, true),
};

export type PauseReason = Received<typeof PauseReason>;
export const PauseReason = { id, code: reasonCode, ...facts, ...trail };

export type NewPauseReason = Received<typeof NewPauseReason>;
const NewPauseReason = { code: reasonCode, ...facts };

export const pauseReasonActions = actions({
  listPauseReasons: {
    rest: "GET /pause-reasons",
    needs: "users.read",
    says: "The reasons to pause, in their order (G19).",
    params: { enabled: optional(yesNo) },
    returns: record({ items: list(record(PauseReason), 100) }),
  },
  createPauseReason: {
    rest: "POST /pause-reasons",
    needs: "agents.configure",
    says: "Adds a reason to pause.",
    params: NewPauseReason,
    returns: record(PauseReason),
  },
  changePauseReason: {
    rest: "PATCH /pause-reasons/:id",
    needs: "agents.configure",
    guarded: "required",
    says: "Changes a reason to pause; its code stays.",
    params: { id, version, ...partial(facts) },
    returns: record(PauseReason),
  },
});

export const pauseReasonEvents = {
  pauseReasonCreated: { id },
  pauseReasonChanged: { id },
};
