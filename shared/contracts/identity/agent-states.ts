/** What agents are doing: states, the supervisors' board, and the history (F077-F079, F228, G19). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  text,
  whole,
  type Received,
} from "../../fields.ts";
import { page, paging } from "../common.ts";
import { reasonCode } from "./pause-reasons.ts";

/** What a user may say, or be told, to be. */
const chosenState = oneOf("available", "paused", "wrapUp");
/** Busy comes of the entered cases, offline of the sessions. */
export const agentState = oneOf("offline", "available", "busy", "paused", "wrapUp");
const seconds = whole(0, Number.MAX_SAFE_INTEGER);

export type AgentState = Received<typeof AgentState>;
export const AgentState = {
  userId: id,
  state: agentState,
  /** Since when it is so. */
  since: instant,
  /** The code of the pause's reason, while paused. */
  reason: optional(reasonCode),
};

/** How long a user was in a state, paused for one reason. */
export type StateTime = Received<typeof StateTime>;
const StateTime = { userId: id, state: agentState, reason: optional(reasonCode), seconds };

export type BoardRow = Received<typeof BoardRow>;
const BoardRow = {
  ...AgentState,
  name: text(120),
  secondsInState: seconds,
  currentCampaignId: optional(id),
  /** Missing where names cannot be asked for now. */
  currentCampaignName: optional(text(120)),
  firstSignInAt: optional(instant),
  connectedSeconds: seconds,
  pauses: list(record({ reason: reasonCode, seconds }), 200),
  /** Missing where it cannot be asked for now. */
  openCases: optional(whole(0, 1_000_000_000)),
};

export type StateSpan = Received<typeof StateSpan>;
export const StateSpan = {
  id,
  state: agentState,
  reason: optional(reasonCode),
  from: instant,
  /** Missing while it lasts. */
  to: optional(instant),
  /** Until now, while it lasts. */
  seconds,
  /** The supervisor or administrator who forced it. */
  forcedBy: optional(id),
};

/** An entered case: of one user, in one session. */
export type EnteredCase = Received<typeof EnteredCase>;
export const EnteredCase = { caseId: id, sessionId: id };

/** All that a user has entered, as of a version of it: of two, the newer one holds. */
export const enteredCases = {
  userId: id,
  entered: list(record(EnteredCase), 100),
  enteredVersion: whole(1, 1_000_000_000),
};

export const agentStateActions = actions({
  getState: {
    rest: "GET /me/state",
    needs: "anybody",
    says: "The signed-in user's state (G19).",
    params: {},
    returns: record(AgentState),
  },
  setState: {
    rest: "PUT /me/state",
    needs: "anybody",
    says: "Says what the signed-in user does now; not while busy (F078, F228).",
    params: { state: chosenState, reason: optional(reasonCode) },
    returns: record(AgentState),
  },
  heartbeat: {
    rest: "POST /me/heartbeat",
    needs: "anybody",
    status: 204,
    says: "Says that the user is still there; any other request of the session does, too.",
    params: {},
  },
  board: {
    rest: "GET /agents/board",
    needs: "agents.watch",
    says: "What the agents do now, by name: of a supervisor's campaigns, for an administrator all (F227, G19).",
    params: { limit: paging.limit, cursor: paging.cursor, campaignId: optional(id) },
    returns: page(BoardRow),
  },
  forceState: {
    rest: "PUT /agents/:userId/state",
    needs: "agents.watch",
    says: "Puts an agent into a state; never one who is busy (G19).",
    params: { userId: id, state: chosenState, reason: optional(reasonCode) },
    returns: record(AgentState),
  },
  stateHistory: {
    rest: "GET /agents/:userId/state-history",
    needs: "agents.watch",
    says: "The agent's states that began from `from` to `to`, both included, newest first.",
    params: {
      userId: id,
      limit: paging.limit,
      cursor: paging.cursor,
      from: optional(instant),
      to: optional(instant),
    },
    returns: page(StateSpan),
  },
  /** How long each of these users was in each state between two moments; none is left out. */
  timesOf: {
    params: { userIds: list(id, 200), from: instant, to: instant },
    returns: list(record(StateTime), 20_000),
  },
  /** Takes in at once what `cases.entered` and `cases.left` tell as well. */
  noteEntered: { params: enteredCases },
});

export const agentStateEvents = {
  agentStateChanged: AgentState,
  agentStateForced: AgentState,
  /** A session ended, or gave no sign of life for too long: what was entered in it is left. */
  disconnected: { userId: id, sessionId: id },
};
