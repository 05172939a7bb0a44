/** Agents are read and kept here, and what becomes of their state is told. */
import type { Tx } from "#shared/mongo/write.ts";
import { neverSeen, shown, type Agent } from "./agent-states.rules.ts";
import * as store from "./agent-states.store.ts";
import * as users from "./users.store.ts";

/** @throws 404 NOT_FOUND where there is no such user */
export async function agentOf(
  userId: string,
  { session }: { session?: Tx<"identity">["session"] } = {},
): Promise<Agent> {
  const agent = await store.find(userId, session);
  return agent ?? neverSeen(userId, (await users.get(userId, session)).createdAt);
}

/** Keeps an agent and tells of another state. */
export async function keepAgent(
  tx: Tx<"identity">,
  before: Agent,
  after: Agent,
  forcedBy?: string,
): Promise<void> {
  if (after === before) return;
  await store.keep(before, after, forcedBy, tx.session);
  if (after.version === before.version) return;

  const { id, version } = after;
  const told = {
    aggregate: { kind: "agent", id, version },
    changes: [
      { field: "state", old: before.state, new: after.state },
      { field: "reason", old: before.reason ?? null, new: after.reason ?? null },
    ].filter((one) => one.old !== one.new),
    data: shown(after),
  };
  tx.announce({ event: "identity.agentStateChanged", ...told });
  if (forcedBy) tx.announce({ event: "identity.agentStateForced", ...told });
}
