/** Which sessions are there: they begin, show signs of life, and are gone (D11, G19). */
import { LRUCache } from "lru-cache";
import { config } from "#shared/config.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write, type Cause, type Tx } from "#shared/mongo/write.ts";
import { agentOf, keepAgent } from "./agents.ts";
import * as rules from "./agent-states.rules.ts";
import type { Agent } from "./agent-states.rules.ts";
import * as connections from "./connections.store.ts";
import type { Connection } from "./connections.store.ts";
import * as sessions from "./sessions.store.ts";
import type { Account } from "./users.rules.ts";
import * as users from "./users.store.ts";

/** Milliseconds without a sign of life after which a session is gone. */
export const graceMs = (): number => config().PRESENCE_GRACE_SECONDS * 1_000;

/** A session's requests are many; a sign of life is noted once in a while. */
const noted = new LRUCache<string, number>({ max: 20_000 });
const longestUnnotedMs = 15_000;

/** Notes that a session made a request, soon and without being waited for. */
export function noteLife(connection: Connection): void {
  const now = Date.now();
  const everyMs = Math.min(longestUnnotedMs, graceMs() / 4);
  if (now - (noted.get(connection.sessionId) ?? 0) < everyMs) return;
  noted.set(connection.sessionId, now);
  showLife(connection).catch(() => noted.delete(connection.sessionId));
}

/** Notes a sign of life; a session that was given up meanwhile is connected again. */
export async function showLife(connection: Connection): Promise<void> {
  if (await connections.seen(connection.sessionId, new Date())) return;
  await connect(connection);
}

/** Connects a session, if it still goes on; of several at once one does. */
export async function connect(connection: Connection): Promise<void> {
  const account = await users.find(connection.userId);
  if (!account) return;
  const attempt = () =>
    write("identity", causedBy(account), async (tx) => {
      const [valid] = await goingOn(account, [connection.sessionId], tx);
      if (!valid) return;
      const before = await agentOf(account.id, tx);
      await keepAgent(tx, before, await joined(tx, before, connection, new Date()));
    });
  await attempt().catch((error: unknown) => {
    if (isDuplicate(error)) return attempt();
    throw error;
  });
}

/** The agent with one more session; beyond the most that are followed, the oldest one is gone. */
export async function joined(
  tx: Tx<"identity">,
  before: Agent,
  connection: Connection,
  at: Date,
): Promise<Agent> {
  await connections.add(connection, at, tx.session);
  const after = rules.connected(before, connection.sessionId, at);
  const dropped = before.sessionIds.filter((id) => !after.sessionIds.includes(id));
  if (dropped.length > 0) await connections.remove(dropped, tx.session);
  for (const sessionId of dropped) tellGone(tx, { userId: before.id, sessionId });
  return after;
}

/** Gives up sessions of a user, and with the last one the user is offline. */
export async function giveUp(
  tx: Tx<"identity">,
  userId: string,
  sessionIds: readonly string[],
): Promise<void> {
  if (sessionIds.length === 0) return;
  const before = await agentOf(userId, tx);
  await connections.remove(sessionIds, tx.session);
  await keepAgent(tx, before, rules.disconnected(before, sessionIds, new Date()));
  for (const sessionId of sessionIds) tellGone(tx, { userId, sessionId });
}

/** Gives up those sessions of a user that were ended. */
export async function giveUpEnded(tx: Tx<"identity">, userId: string): Promise<void> {
  const account = await users.find(userId, tx.session);
  const connected = await connections.ofUser(userId, tx.session);
  const valid = account ? await goingOn(account, connected, tx) : [];
  const ended = connected.filter((id) => !valid.includes(id));
  await giveUp(tx, userId, ended);
}

/** Those of these sessions that a user may still use. */
export async function goingOn(
  { id, epoch, disabled }: Account,
  sessionIds: readonly string[],
  { session }: Tx<"identity">,
): Promise<string[]> {
  if (disabled) return [];
  const found = await sessions.those(sessionIds, new Date(), session);
  return found.filter((one) => one.userId === id && one.epoch === epoch).map((one) => one.id);
}

export function tellGone(tx: Tx<"identity">, { userId, sessionId }: Connection): void {
  tx.announce({
    event: "identity.disconnected",
    aggregate: { kind: "session", id: sessionId, version: 1 },
    key: userId,
    data: { userId, sessionId },
  });
}

const causedBy = ({ id, name, role }: Account): Cause => ({
  meta: { actor: { kind: "user", id, name, role, permissions: [] } },
});
