/** The signed-in user's own notifications: listed, counted, marked as read, told live. */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Meta } from "#shared/bus.ts";
import type { ReadableCase } from "#shared/contracts/cases/for-neighbours.ts";
import type { Notification } from "#shared/contracts/notifications.ts";
import { forbidden } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import { hint, topicOfUser } from "#shared/hints.ts";
import { readableCases } from "#shared/neighbours.ts";
import type { ActionHandlers } from "#shared/service.ts";
import * as store from "./notifications.store.ts";

export const own: Pick<
  ActionHandlers<"notifications">,
  "list" | "unread" | "read" | "readAll" | "since"
> = {
  async list(ctx) {
    const page = await store.page({ ...ctx.params, userId: userOf(ctx) });
    return { ...page, items: await withNumbers(ctx, page.items) };
  },

  unread: async (ctx) => ({ count: await store.unreadOf(userOf(ctx)) }),

  async read(ctx) {
    const userId = userOf(ctx);
    const notification = await store.read(ctx.params.id, userId, new Date());
    hint(ctx.broker, topicOfUser(userId));
    const [shown = notification] = await withNumbers(ctx, [notification]);
    return shown;
  },

  async readAll(ctx) {
    const userId = userOf(ctx);
    const count = await store.readAll(userId, ctx.params.upTo, new Date());
    hint(ctx.broker, topicOfUser(userId));
    return { count };
  },

  /** The place is read first: what comes meanwhile is told now or the next time, never left out. */
  async since(ctx) {
    const { after, limit } = ctx.params;
    const userId = userOf(ctx);
    const last = await store.lastOf(userId);
    const news = after === undefined ? [] : await store.after(userId, after, limit);
    const [items, unread] = await Promise.all([withNumbers(ctx, news), store.unreadOf(userId)]);
    return { items, last, unread };
  },
};

/** Only users are told something. */
function userOf(ctx: { meta: Meta }): string {
  const { id, kind } = actorOf(ctx);
  if (kind !== "user") throw forbidden("of a user");
  return id;
}

/** With the numbers of the cases that the user may read (G04); without any while cases is away. */
async function withNumbers<N extends Notification>(ctx: Caller, items: readonly N[]): Promise<N[]> {
  const cases = await readable(
    ctx,
    items.map(({ caseId }) => caseId),
  );
  return items.map((one) => {
    const kase = cases.get(one.caseId);
    return kase ? { ...one, caseNumber: kase.number } : one;
  });
}

async function readable(ctx: Caller, ids: string[]): Promise<ReadonlyMap<string, ReadableCase>> {
  if (ids.length === 0) return new Map();
  try {
    return await readableCases(ctx, ids);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return new Map();
  }
}
