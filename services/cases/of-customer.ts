/** The cases of one customer, and what neighbours ask about cases (F050-F052, F055, F056, F125). */
import type { Caller, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { ReadableCase } from "#shared/contracts/cases/for-neighbours.ts";
import { idsOfCustomer, userNames } from "#shared/neighbours.ts";
import { countCases } from "./counts.store.ts";
import { countsOf } from "./counts.rules.ts";
import { findReadable } from "./cases.store.ts";
import type { Asked as AskedFor } from "./lists.rules.ts";
import { list } from "./lists.store.ts";
import { asOfOneMoment } from "./merged-customers.store.ts";
import { sightOf, type Sight } from "./scopes.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const ofCustomer = {
  /** @throws 404 NOT_FOUND where there is no such customer, 308 MOVED where it was merged */
  async listOfCustomer(ctx: Asked<"listOfCustomer">) {
    const { id, ...asked } = ctx.params;
    const sight = await sightOf(ctx);
    const ids = await idsOfCustomer(ctx, id);
    const page = await listOf(ids, { ...asked, sort: "-created" }, sight);

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

/** The cases of some customers, with those of all who were merged into them, as of one moment. */
const listOf = (ids: string[], asked: AskedFor, sight: Sight) =>
  asOfOneMoment(ids, (customerId, session) => list({ ...asked, customerId }, sight, session));

/** What a user asks for; where customers are named, also by the ids of who was merged into them. */
export async function listSeen(caller: Caller, asked: AskedFor, sight: Sight) {
  const { customerId: ids } = asked;
  if (!ids) return list(asked, sight);
  const identities = await caller.call("customers.identify", { ids });
  const all = [...ids, ...identities.flatMap(({ sharing }) => sharing)];
  return listOf([...new Set(all)], asked, sight);
}

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
