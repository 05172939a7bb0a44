/** Messages follow their cases to another customer, and merged customers to their survivors (F042). */
import type { Service } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { unavailable } from "#shared/errors.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { followMerge } from "#shared/follow-merge.ts";
import type { Tx } from "#shared/mongo/write.ts";
import { wasMoved } from "./case-moves.store.ts";
import * as store from "./customer-moves.store.ts";

/** Outside the handed transaction: many messages may have to move, and moving twice is as once. */
async function follow(
  this: Service,
  { data: { mergeId, absorbedId } }: DomainEvent<"customers.merged" | "customers.strayed">,
  tx: Tx<"channels">,
): Promise<void> {
  await followMerge(this.broker as unknown as Broker, absorbedId, store.moveMessages);
  tx.announce({
    event: "interactions.customerMoved",
    aggregate: { kind: "customer", id: absorbedId, version: 1 },
    data: { mergeId, absorbedId },
  });
}

export const customerListeners = {
  "customers.merged": follow,
  "customers.strayed": follow,

  /**
   * All messages that the case had by then. One that is filed but not settled here yet would keep
   * the former customer: we wait for it, and the case's later events wait with us.
   * @throws 503 while messages of the case are on their way
   */
  async "cases.customerReplaced"(
    { data }: DomainEvent<"cases.customerReplaced">,
    tx: Tx<"channels">,
  ): Promise<void> {
    const { id: caseId, customerId, interactionCount, mergeId } = data;
    if (await wasMoved(caseId, tx.session)) return; // its messages go with the case that has them
    const there = await store.countUpTo(caseId, interactionCount, tx.session);
    if (there < interactionCount) throw unavailable("Messages of the case are on their way");
    const moved = await store.moveConversation(
      { caseId, customerId, upTo: interactionCount },
      tx.session,
    );
    if (moved === 0 && mergeId) return; // the merge itself was faster, with the files as well
    tx.announce({
      event: "interactions.customerReplaced",
      aggregate: { kind: "case", id: caseId, version: 1 },
      data: { caseId, customerId },
    });
  },
};
