/** Entering and leaving cases, and who is in them (F077-F079, F109, G01, D11, B13). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Contracts, Ctx, Meta, Payload, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { forbidden } from "#shared/errors.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { isAbsence } from "#shared/faults.ts";
import { hint, topicOfCase } from "#shared/hints.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import * as cases from "./cases.store.ts";
import { keepEdited, seenBy } from "./editing.ts";
import * as rules from "./presence.rules.ts";
import type { Entry, Visitor } from "./presence.rules.ts";
import * as store from "./presence.store.ts";
import { sightOf } from "./scopes.ts";
import { attendanceOf, mostPresent } from "./watching.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const presence = {
  /**
   * Enters a case that the user sees, once for each session. A closed one is only read (D04).
   * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 TOO_MANY_ENTERED
   */
  async enter(ctx: Asked<"enter">) {
    const own = ownSession(ctx);
    const { kase: seen, visible } = await seenBy(ctx, ctx.params.id);

    const attempt = () =>
      write("cases", ctx, async (tx) => {
        const current = await cases.get(seen.id, visible, tx.session);
        if (current.status === "closed") return { ...current, entered: false };
        const stamp = { at: new Date(), by: own.userId };
        const kase = rules.opened(current, stamp);
        if (kase !== current) await keepEdited(tx, [{ before: current, after: kase }]);
        await addEntry(tx, kase, own, stamp.at);
        return { ...kase, entered: true };
      });
    // a user's very first entering, twice at once
    const answer = await attempt().catch((error: unknown) => {
      if (isDuplicate(error)) return attempt();
      throw error;
    });
    await tellIdentity(ctx, own.userId);
    hint(ctx.broker, topicOfCase(answer.id));
    return answer;
  },

  /** Leaves a case, also one that the user does not see any more; who is not in it stays out. */
  async exit(ctx: Asked<"exit">) {
    const { userId, sessionId } = ownSession(ctx);
    const topics = await write("cases", ctx, async (tx) => {
      const visitor = await visitorOf(userId, tx);
      const goes = (entry: Entry) =>
        entry.sessionId === sessionId && rules.isOf(entry, ctx.params.id);
      await leave(tx, [visitor], goes, "exit");
      return visitor.entries.filter(goes).map(({ caseId }) => topicOfCase(caseId));
    });
    await tellIdentity(ctx, userId);
    hint(ctx.broker, ...topics);
  },

  async presence(ctx: Asked<"presence">) {
    const { readable } = await sightOf(ctx);
    const { id } = await cases.get(ctx.params.id, readable);
    const { items } = await attendanceOf(ctx, id);
    return { items };
  },

  workloadsOf: ({ params: { userIds, campaignIds } }: Asked<"workloadsOf">) =>
    store.workloads(userIds, campaignIds),
};

/** What was entered in a session that is gone is left; what was entered since stays. */
export async function leaveWithSession(
  { data: { userId, sessionId }, at }: DomainEvent<"identity.disconnected">,
  tx: Tx<"cases">,
): Promise<void> {
  const visitor = await visitorOf(userId, tx);
  const goes = (entry: Entry) => entry.sessionId === sessionId && entry.at <= at;
  await leave(tx, [visitor], goes, "disconnected");
}

/** Everybody leaves a case in the transaction that closes it (F109). */
export async function leaveClosed(tx: Tx<"cases">, caseId: string): Promise<void> {
  for (;;) {
    const inside = await store.inCase(caseId, mostPresent, tx.session);
    await leave(tx, inside, (entry) => entry.caseId === caseId, "closed");
    if (inside.length < mostPresent) return;
  }
}

async function addEntry(
  tx: Tx<"cases">,
  { id: caseId, number, campaignId }: Case,
  { userId, sessionId }: Session,
  at: Date,
): Promise<void> {
  const before = await visitorOf(userId, tx);
  const entry = { caseId, number, campaignId, sessionId, at };
  const after = rules.entered(before, entry);
  if (after === before) return;
  await store.keep([after], tx.session);
  tx.announce({ event: "cases.entered", ...told(after, entry) });
}

async function leave(
  tx: Tx<"cases">,
  visitors: readonly Visitor[],
  goes: (entry: Entry) => boolean,
  because: Payload<"cases.left">["because"],
): Promise<void> {
  const changed = visitors.map((one) => rules.left(one, goes)).filter((one) => one.gone.length > 0);
  await store.keep(
    changed.map(({ visitor }) => visitor),
    tx.session,
  );
  for (const { visitor, gone } of changed) {
    for (const entry of gone) {
      const { data, ...rest } = told(visitor, entry);
      tx.announce({ event: "cases.left", ...rest, data: { ...data, because } });
    }
  }
}

const visitorOf = async (userId: string, { session }: Tx<"cases">): Promise<Visitor> =>
  (await store.find(userId, session)) ?? rules.nowhere(userId);

/** What is told of one entry, with all that the user is in now. */
const told = (visitor: Visitor, { caseId: id, campaignId, sessionId }: Entry) => ({
  aggregate: { kind: "visitor", id: visitor.id, version: visitor.version },
  data: { id, campaignId, sessionId, ...enteredBy(visitor) },
});

const enteredBy = ({ id: userId, version, entries }: Visitor) => ({
  userId,
  enteredVersion: version,
  entered: entries.map(({ caseId, sessionId }) => ({ caseId, sessionId })),
});

/** So that the user is busy, or no longer, at once; where this does not arrive the events do. */
async function tellIdentity(ctx: Caller, userId: string): Promise<void> {
  const visitor = await store.find(userId);
  if (!visitor) return;
  try {
    await ctx.call("identity.noteEntered", enteredBy(visitor), { timeout: 1_000 });
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

interface Session {
  userId: string;
  sessionId: string;
}

/** Only users with a session are in cases. */
function ownSession(ctx: { meta: Meta }): Session {
  const { id: userId, kind, sessionId } = actorOf(ctx);
  if (kind !== "user" || !sessionId) throw forbidden("of a user");
  return { userId, sessionId };
}
