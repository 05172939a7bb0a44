/** Agendas: the next actions of who has the cases (F174, F178). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import type { AgendaItem } from "#shared/contracts/cases/agenda.ts";
import type { Page } from "#shared/mongo/pages.ts";
import { seesCase } from "#shared/visibility.ts";
import * as rules from "./agenda.rules.ts";
import * as store from "./agenda.store.ts";
import * as cases from "./cases.store.ts";
import { scopesOf, sightOf } from "./scopes.ts";

type Asked = Request<Contracts["cases"]["actions"]["listAgenda"]>;

export const lengthMs = (): number => config().NEXT_ACTION_MINUTES * 60_000;

export const agenda = {
  /**
   * @throws 404 NOT_FOUND for a case that the user may not read, and for a user whose agenda is not
   *   theirs to see; 422 VALIDATION_ERROR where both are named
   */
  async listAgenda(ctx: Ctx<Asked>): Promise<Page<AgendaItem>> {
    const { userId, caseId, ...asked } = ctx.params;
    rules.requireOne(ctx.params);
    if (caseId !== undefined) return agendaOfCase(ctx, caseId, asked);
    const whose = userId ?? actorOf(ctx).id;
    await requireAgendaOf(ctx, whose);
    return agendaOf(ctx, whose, asked);
  },
};

type Window = Omit<Asked, "userId" | "caseId">;

/**
 * The agenda of who has a case, for whoever may read the case; empty where nobody has it.
 * @param idOrNumber the case's
 */
async function agendaOfCase(ctx: Ctx, idOrNumber: string, asked: Window) {
  const { readable } = await sightOf(ctx);
  const { assigneeId } = await cases.get(idOrNumber, readable);
  if (!assigneeId) return { items: [], nextCursor: null, ...(asked.count ? { total: 0 } : {}) };
  return agendaOf(ctx, assigneeId, asked);
}

async function requireAgendaOf(ctx: Ctx, userId: string): Promise<void> {
  const asker = actorOf(ctx);
  const isFree = userId === asker.id || asker.role !== "supervisor";
  const [own, theirs] = isFree
    ? [[], []]
    : await Promise.all([scopesOf(ctx), ctx.call("campaigns.scopesOf", { userId })]);
  rules.requireAgendaOf(userId, asker, own, theirs);
}

/** A page of somebody's agenda; of cases that the one who asks may not see, only that time is taken. */
async function agendaOf(ctx: Ctx, userId: string, asked: Window): Promise<Page<AgendaItem>> {
  const asker = actorOf(ctx);
  const [scopes, page] = await Promise.all([scopesOf(ctx), store.plannedOf(userId, asked)]);
  const [first, last] = [page.items.at(0), page.items.at(-1)];
  if (!first || !last) return { ...page, items: [] };
  const times = await store.timesOf(userId, {
    from: new Date(first.nextActionAt.getTime() - lengthMs()),
    to: new Date(last.nextActionAt.getTime() + lengthMs()),
  });
  const items = rules.itemsOf(page.items, times, lengthMs(), (kase) =>
    seesCase(asker, scopes, kase),
  );
  return { ...page, items };
}
