/** Who has a case before them and who is writing on it: known for seconds, told live (B13). */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Attendance } from "#shared/contracts/cases/watching.ts";
import { hint, topicOfCase } from "#shared/hints.ts";
import { userNames } from "#shared/neighbours.ts";
import * as cases from "./cases.store.ts";
import { seenBy } from "./editing.ts";
import { requireOpen } from "./life.rules.ts";
import { presentIn } from "./presence.rules.ts";
import { inCase } from "./presence.store.ts";
import { sightOf } from "./scopes.ts";
import * as rules from "./watching.rules.ts";
import * as store from "./watching.store.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

/** As many users as are told of one case. */
export const mostPresent = 100;
/** One user may watch in several windows. */
const mostWatchers = 500;

const typingMs = 6_000;
/** Longer than a stream stays without a sign of life. */
const watchingMs = 40_000;

const after = (now: Date, ms: number) => new Date(Number(now) + ms);

/** No domain events: what lasts for seconds is told by hints, and changes nothing of the case. */
export const watching = {
  /**
   * The user is writing; on a closed case only notes are written (D04).
   * @throws 403 READ_ONLY; 404 NOT_FOUND; 409 CASE_CLOSED
   */
  async noteTyping(ctx: Asked<"noteTyping">): Promise<void> {
    const { id, what: typing } = ctx.params;
    const { kase } = await seenBy(ctx, id);
    if (typing !== "note") requireOpen(kase);
    const now = new Date();
    const { id: userId } = actorOf(ctx);
    const said = { caseId: kase.id, userId, typing, until: after(now, typingMs) };
    if (await store.note(`${userId}.${kase.id}`, said, now)) tellWatchers(ctx, kase.id);
  },

  /** @throws 403 READ_ONLY; 404 NOT_FOUND */
  async stopTyping(ctx: Asked<"stopTyping">): Promise<void> {
    const { kase } = await seenBy(ctx, ctx.params.id);
    const { id: userId } = actorOf(ctx);
    if (await store.drop(`${userId}.${kase.id}`, userId)) tellWatchers(ctx, kase.id);
  },

  /** @throws 404 NOT_FOUND */
  async watch(ctx: Asked<"watch">) {
    const { readable } = await sightOf(ctx);
    const { id: caseId } = await cases.get(ctx.params.id, readable);
    const now = new Date();
    const said = { caseId, userId: actorOf(ctx).id, until: after(now, watchingMs) };
    if (await store.note(ctx.params.watcherId, said, now)) tellWatchers(ctx, caseId);
    return attendanceOf(ctx, caseId);
  },

  async unwatch(ctx: Asked<"unwatch">): Promise<void> {
    const { id, watcherId } = ctx.params;
    if (await store.drop(watcherId, actorOf(ctx).id)) tellWatchers(ctx, id);
  },
};

/** Who attends to a case, with names, and when that changes by itself. */
export async function attendanceOf(
  ctx: Caller,
  caseId: string,
): Promise<{ items: Attendance[]; changesAt?: Date }> {
  const [visitors, watchers] = await Promise.all([
    inCase(caseId, mostPresent),
    store.of(caseId, new Date(), mostWatchers),
  ]);
  const attending = rules.attendingTo(presentIn(caseId, visitors), watchers).slice(0, mostPresent);
  const names = await userNames(
    ctx,
    attending.map(({ userId }) => userId),
  );
  const items = attending.map((one) => {
    const name = names.get(one.userId);
    return { ...one, ...(name ? { name } : {}) };
  });
  const changesAt = rules.nextEnd(watchers);
  return { items, ...(changesAt ? { changesAt } : {}) };
}

/** Whoever watches the case looks again, on whatever replica of the gateway. */
const tellWatchers = ({ broker }: Pick<Ctx, "broker">, caseId: string): void => {
  hint(broker, topicOfCase(caseId));
};
