/** What users do now: they say it, cases tell of it, supervisors force it (F077-F079, F228, G19). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Meta, Payload, Request } from "#shared/bus.ts";
import { forbidden } from "#shared/errors.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { agentOf, keepAgent } from "./agents.ts";
import * as rules from "./agent-states.rules.ts";
import { goingOn, joined, showLife, tellGone } from "./connections.ts";
import { chosenWith } from "./pause-reasons.ts";
import * as users from "./users.store.ts";
import { requireWatched } from "./watching.ts";

type Actions = Contracts["identity"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const agentStates = {
  async getState(ctx: Asked<"getState">) {
    const own = ownSession(ctx);
    await showLife(own);
    return rules.shown(await agentOf(own.userId));
  },

  async setState(ctx: Asked<"setState">) {
    const own = ownSession(ctx);
    await showLife(own);
    return write("identity", ctx, async (tx) => {
      const chosen = await chosenWith(ctx.params, tx);
      const before = await agentOf(own.userId, tx);
      const after = rules.chosen(before, chosen, new Date());
      await keepAgent(tx, before, after);
      return rules.shown(after);
    });
  },

  async heartbeat(ctx: Asked<"heartbeat">) {
    await showLife(ownSession(ctx));
  },

  async forceState(ctx: Asked<"forceState">) {
    const { userId, ...wanted } = ctx.params;
    await requireWatched(ctx, userId);
    return write("identity", ctx, async (tx) => {
      const chosen = await chosenWith(wanted, tx);
      const before = await agentOf(userId, tx);
      const after = rules.chosen(before, chosen, new Date());
      await keepAgent(tx, before, after, actorOf(ctx).id);
      return rules.shown(after);
    });
  },

  noteEntered: (ctx: Asked<"noteEntered">) =>
    write("identity", unrepeated(ctx), (tx) => noteEntered(tx, ctx.params, new Date())),
};

/**
 * Takes in what a user has entered. Entering is a sign of life; what was entered in a session that
 * is over by now is to be left.
 */
export async function noteEntered(
  tx: Tx<"identity">,
  told: Pick<Payload<"cases.entered">, "userId" | "entered" | "enteredVersion">,
  at: Date,
): Promise<void> {
  const { userId } = told;
  const account = await users.find(userId, tx.session);
  if (!account) return;
  const before = await agentOf(userId, tx);
  if (told.enteredVersion <= before.enteredVersion) return;
  const unconnected = rules.strangers({ ...before, entered: told.entered });
  const valid = await goingOn(account, unconnected, tx);
  let agent = before;
  for (const sessionId of valid) agent = await joined(tx, agent, { userId, sessionId }, at);
  for (const sessionId of unconnected) {
    if (!valid.includes(sessionId)) tellGone(tx, { userId, sessionId });
  }
  await keepAgent(tx, before, rules.noted(agent, told, at));
}

/** The session that a user asks in; connectors have a key, but no state. */
function ownSession(ctx: { meta: Meta }): { userId: string; sessionId: string } {
  const { id: userId, kind, sessionId } = actorOf(ctx);
  if (kind !== "user" || !sessionId) throw forbidden("of a user");
  return { userId, sessionId };
}

/** What is the same twice by nature needs no memory of the command. */
const unrepeated = ({ meta: { commandId: _unused, ...meta } }: { meta: Meta }) => ({ meta });
