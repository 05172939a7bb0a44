/** The cases of one customer, and what neighbours ask about cases (F050-F052, F055, F056, F125). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { ReadableCase } from "#shared/contracts/cases/for-neighbours.ts";
import { requireCustomer, userNames } from "#shared/neighbours.ts";
import { countCases } from "./counts.store.ts";
import { countsOf } from "./counts.rules.ts";
import { findReadable } from "./cases.store.ts";
import { list } from "./lists.store.ts";
import { sightOf } from "./scopes.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const ofCustomer = {
  /** @throws 404 NOT_FOUND where there is no such customer */
  async listOfCustomer(ctx: Asked<"listOfCustomer">) {
    const { id, ...asked } = ctx.params;
    const sight = await sightOf(ctx);
    const page = await list({ ...asked, customerId: [id], sort: "-created" }, sight);
    if (page.items.length === 0) await requireCustomer(ctx, id);

    const names = await userNames(
      ctx,
      page.items.flatMap(({ assigneeId }) => assigneeId ?? []),
    );
    return { ...page, items: page.items.map((kase) => named(sight.shown(kase), names)) };
  },

  async readable(ctx: Asked<"readable">) {
    const { readable, shown } = await sightOf(ctx);
    const found = await findReadable(ctx.params.ids, readable);

    return found.map((kase) => readableCase(shown(kase)));
  },

  async countsOf(ctx: Asked<"countsOf">) {
    const { readable } = await sightOf(ctx);

    return countsOf(await countCases(ctx.params, readable));
  },
};

const named = <C extends Case>(kase: C, names: ReadonlyMap<string, string>) => {
  const assigneeName = names.get(kase.assigneeId ?? "");
  return { ...kase, ...(assigneeName ? { assigneeName } : {}) };
};

/** What neighbours are told of a case that the user may read. */
export const readableCase = ({ id, number, campaignId, readOnly }: ReadableCase): ReadableCase => ({
  id,
  number,
  campaignId,
  ...(readOnly ? { readOnly } : {}),
});
