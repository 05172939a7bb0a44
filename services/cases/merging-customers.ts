/** The customers of merged cases are merged as well, where that was asked for (F045, F095, F097). */
import type { Broker, Caller, Meta } from "#shared/bus.ts";
import type { CaseMerge } from "#shared/contracts/cases/merge.ts";
import { isRefusal } from "#shared/errors.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { isAbsence } from "#shared/faults.ts";
import { write } from "#shared/mongo/write.ts";
import * as merges from "./merges.store.ts";

type Customers = NonNullable<CaseMerge["customers"]>;

/**
 * Merges the customers of a merge on behalf of whoever asks; twice is as once. What cannot be any
 * more, because somebody changed one of them since it was checked, is noted in the merge.
 * @throws 503 where customers cannot be asked now
 */
export async function mergeCustomers(
  caller: Caller & { meta: Meta },
  merge: CaseMerge,
): Promise<CaseMerge> {
  const { id: mergeId, customers } = merge;
  if (customers?.state !== "waiting") return merge;
  const outcome = await outcomeOf(caller, mergeId, customers);
  const after = { ...customers, ...outcome };
  await write("cases", { meta: {} }, ({ session }) =>
    merges.arrived(mergeId, "customers", { at: new Date(), known: { customers: after } }, session),
  );
  return { ...merge, customers: after };
}

async function outcomeOf(
  caller: Caller & { meta: Meta },
  mergeId: string,
  { survivorId, absorbedId }: Customers,
): Promise<Pick<Customers, "state" | "refusal">> {
  const meta = { ...caller.meta, commandId: `case-merge:${mergeId}` };
  try {
    await caller.call("customers.merge", { survivorId, absorbedId }, { meta });
    return { state: "done" };
  } catch (error) {
    if (!isRefusal(error) || isAbsence(error) || error.code >= 429) throw error;
    if (await areOne(caller, [survivorId, absorbedId])) return { state: "done" };
    return { state: "refused", refusal: error.type };
  }
}

/** Whether both lead to one customer already, whoever saw to it. */
async function areOne(caller: Caller, ids: string[]): Promise<boolean> {
  const identities = await caller.call("customers.identify", { ids });
  return identities.length === 2 && new Set(identities.map((one) => one.survivorId)).size === 1;
}

/** What a crash, or customers that were away, have left is done by the event. */
export async function followUp(
  broker: Broker,
  { id, actor, data: { mergeId } }: DomainEvent<"cases.merged">,
): Promise<void> {
  const merge = await merges.find(mergeId);
  if (!merge) return;
  const meta = { actor: { ...actor, permissions: [] }, requestId: id };
  const call = (action: never, params: never, options?: object) =>
    broker.call(action, params, options);
  await mergeCustomers({ call: call as unknown as Caller["call"], meta }, merge);
}
