/** What an agent's state follows from: sessions, entered cases, and what was chosen (G19, D10, D11). Pure. */
import type { AgentState, EnteredCase } from "#shared/contracts/identity/agent-states.ts";
import { conflict } from "#shared/errors.ts";

/** What is said by hand. */
export interface Chosen {
  state: "available" | "paused" | "wrapUp";
  reason?: string;
}

export interface Agent {
  /** The user's. */
  id: string;
  state: AgentState["state"];
  reason?: string;
  since: Date;
  /** Goes up with each change of the state. */
  version: number;
  chosen: Chosen;
  /** The sessions that show signs of life, the oldest first. */
  sessionIds: string[];
  entered: EnteredCase[];
  /** Which version of `entered` cases told of last; 0: none. */
  enteredVersion: number;
}

/** Sessions of one user that are followed at once; the oldest ones count as gone. */
const mostSessions = 100;

/** A user of whom nothing is known but that the account was made then. */
export const neverSeen = (id: string, since: Date): Agent => ({
  id,
  state: "offline",
  since,
  version: 0,
  chosen: { state: "available" },
  sessionIds: [],
  entered: [],
  enteredVersion: 0,
});

/** A session began, or shows life again; who was offline is available. */
export function connected(agent: Agent, sessionId: string, at: Date): Agent {
  if (agent.sessionIds.includes(sessionId)) return agent;
  const isFirst = agent.sessionIds.length === 0;
  const chosen: Chosen = isFirst ? { state: "available" } : agent.chosen;
  const sessionIds = [...agent.sessionIds, sessionId].slice(-mostSessions);
  return settled({ ...agent, chosen, sessionIds }, at);
}

/** Sessions are gone, and with them what was entered in them; with the last one the user is. */
export function disconnected(agent: Agent, gone: readonly string[], at: Date): Agent {
  const sessionIds = agent.sessionIds.filter((id) => !gone.includes(id));
  const entered = agent.entered.filter(({ sessionId }) => !gone.includes(sessionId));
  return settled({ ...agent, sessionIds, entered }, at);
}

/**
 * The user says, or is told, what to be.
 * @throws 409 BUSY while in a case (F078); 409 OFFLINE for who has no session
 */
export function chosen(agent: Agent, chosen: Chosen, at: Date): Agent {
  if (agent.state === "busy") {
    throw conflict("BUSY", "The state cannot be changed inside a case", {
      caseIds: casesOf(agent),
    });
  }
  if (agent.state === "offline") throw conflict("OFFLINE", "The user is not signed in");
  return settled({ ...agent, chosen }, at);
}

/**
 * Cases told what the user has entered; older news than what is known changes nothing. Busy ends a
 * wrap-up, but not a pause: who paused is paused again after the last case.
 */
export function noted(
  agent: Agent,
  { entered, enteredVersion }: Pick<Agent, "entered" | "enteredVersion">,
  at: Date,
): Agent {
  if (enteredVersion <= agent.enteredVersion) return agent;
  const after = settled({ ...agent, entered, enteredVersion }, at);
  const endsWrapUp = after.state === "busy" && after.chosen.state === "wrapUp";
  return endsWrapUp ? { ...after, chosen: { state: "available" } } : after;
}

/** Sessions in which cases are entered although they show no life, each once. */
export const strangers = ({ entered, sessionIds }: Agent): string[] => [
  ...new Set(entered.map(({ sessionId }) => sessionId).filter((id) => !sessionIds.includes(id))),
];

const casesOf = ({ entered }: Agent): string[] => [...new Set(entered.map((one) => one.caseId))];

function settled(agent: Agent, at: Date): Agent {
  const { state, reason } = stateOf(agent);
  if (state === agent.state && reason === agent.reason) return agent;
  const { reason: _former, ...rest } = agent;
  const since = at > agent.since ? at : agent.since;
  const version = agent.version + 1;
  return { ...rest, state, ...(reason ? { reason } : {}), since, version };
}

function stateOf({ sessionIds, entered, chosen }: Agent): {
  state: Agent["state"];
  reason?: string;
} {
  if (sessionIds.length === 0) return { state: "offline" };
  const isInCase = entered.some(({ sessionId }) => sessionIds.includes(sessionId));
  return isInCase ? { state: "busy" } : chosen;
}

/** The state as others may know it. */
export const shown = ({ id, state, since, reason }: Agent): AgentState => ({
  userId: id,
  state,
  since,
  ...(reason ? { reason } : {}),
});
