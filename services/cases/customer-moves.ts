/** Cases change hands: to another customer by hand (F037), or with a merge of customers (F042). */
import { actorOf } from "#shared/actor.ts";
import type { Broker, Caller, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { invalidField, notFound, readOnly } from "#shared/errors.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { followMerge } from "#shared/follow-merge.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import * as rules from "./customer-moves.rules.ts";
import * as store from "./customer-moves.store.ts";
import { get } from "./cases.store.ts";
import * as merged from "./merged-customers.store.ts";
import { sightOf } from "./scopes.ts";
import { searchWordsOf } from "./search.rules.ts";

type Actions = Contracts["cases"]["actions"];

/**
 * Gives a case to another customer, with its messages and files (F037).
 * @throws 404 · 403 READ_ONLY · 412 · 409 CASE_CLOSED · 422 at `customerId` for an unknown or merged customer
 */
export async function replaceCustomer(
  ctx: Ctx<Request<Actions["replaceCustomer"]>>,
): Promise<Case> {
  const { id, version, customerId } = ctx.params;
  const { readable, shown: asSeen } = await sightOf(ctx);
  const shown = asSeen(await get(id, readable));
  if (shown.readOnly) throw readOnly("case", shown.id);
  rules.requireMovable(shown, version);
  if (shown.customerId === customerId) return shown;
  const customer = await copyOf(ctx, customerId);
  const made = { at: new Date(), by: actorOf(ctx).id, keepsAccount: false };

  return store.again(() =>
    write("cases", ctx, async (tx) => {
      const before = await store.placed(shown.id, tx.session);
      if (!before) throw notFound("case", id);
      rules.requireMovable(before.kase, version);
      if ((await merged.hold(customerId, tx.session)) !== customerId) throw rules.notACustomer();
      const [replaced] = await replacing([before], customer, made, tx.session);
      if (!replaced) throw notFound("case", id);
      await store.keepReplaced([replaced], undefined, tx);
      return replaced.after.kase;
    }),
  );
}

/** The customer as cases carry it; one that was merged has to be named by its survivor. */
async function copyOf(caller: Caller, id: string): Promise<rules.CustomerCopy> {
  const [found] = await caller.call("customers.describe", { ids: [id] });
  if (!found || found.mergedInto) throw rules.notACustomer();
  if (found.disabled) throw invalidField("customerId", "is a disabled customer", "disabled");
  return { customerId: id, customerName: found.name, ...documentOf(found) };
}

const documentOf = ({ document }: { document?: string }) =>
  document ? { customerDocument: document } : {};

/** These cases as the customer's, with the places that are free for them. */
async function replacing(
  batch: readonly store.Placed[],
  customer: rules.CustomerCopy,
  made: Parameters<typeof rules.withCustomer>[2],
  session: Tx<"cases">["session"],
): Promise<store.Replaced[]> {
  const { customerId } = customer;
  const moved = batch.map((before) => ({
    before,
    kase: rules.withCustomer(before.kase, customer, made),
    places: rules.placesFor(before.places, before.kase.customerId, customerId),
  }));
  const wanted = moved.flatMap(({ places }) => places.slot ?? []);
  const taken = await store.takenAmong(wanted, session);
  return moved.map(({ before, kase, places }) => ({
    before,
    after: { kase, places: rules.placesKept(places, taken) },
    searchWords: searchWordsOf(kase),
    changes: rules.changesOf(before.kase, kase),
  }));
}

/** Customers were merged: their cases follow, and messages that still name the one that went. */
export async function follow(
  broker: Broker,
  {
    id: eventId,
    actor,
    data: { mergeId, absorbedId },
  }: DomainEvent<"customers.merged" | "customers.strayed">,
  tx: Tx<"cases">,
): Promise<void> {
  const cause = { meta: { actor: { ...actor, permissions: [] }, requestId: eventId } };
  await followMerge(broker, absorbedId, async ({ from, to, identity }) => {
    await merged.takeDown(identity);
    const [found] = await broker.call("customers.describe", { ids: [to] });
    const customer = {
      customerId: to,
      customerName: found?.name ?? "",
      ...documentOf(found ?? {}),
    };
    await store.moveAll(from, { absorbedId, mergeId, cause }, (batch, session) =>
      replacing(batch, customer, { at: new Date(), keepsAccount: true }, session),
    );
  });
  // last, in the transaction that takes the event in: all of it has been moved by now
  tx.announce({
    event: "cases.customerMoved",
    aggregate: { kind: "customer", id: absorbedId, version: 1 },
    data: { mergeId, absorbedId, moved: await merged.movedOf(absorbedId) },
  });
}
