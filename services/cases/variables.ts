/** What the variables of a campaign's texts are about in a case: asked of who knows it. */
import { actorOf } from "#shared/actor.ts";
import type { Ctx } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { isRefusal } from "#shared/errors.ts";
import { variablesIn } from "#shared/variables.rules.ts";
import * as rules from "./variables.rules.ts";

/**
 * What these texts have to say of a case; neighbours are asked only for what they speak of.
 * @throws 503 UNAVAILABLE while one of these is away
 */
export async function factsFor(
  ctx: Ctx,
  kase: Case,
  texts: readonly string[],
): Promise<rules.Facts> {
  const names = texts.flatMap(variablesIn);
  const [customer, campaign] = await Promise.all([
    rules.speaksOfCustomer(names) ? customerOf(ctx, kase.customerId) : undefined,
    rules.speaksOfCampaign(names) ? ctx.call("campaigns.get", { id: kase.campaignId }) : undefined,
  ]);
  return { kase, user: actorOf(ctx), customer, campaign };
}

/** One who was erased has nothing to say any more. */
async function customerOf(ctx: Ctx, customerId: string): Promise<Customer | undefined> {
  try {
    return await ofSurvivor(customerId, (id) => ctx.call("customers.get", { id }));
  } catch (error) {
    if (isRefusal(error) && error.type === "NOT_FOUND") return undefined;
    throw error;
  }
}

/** Asks about a customer; where that one was merged, about who stands for it (D03). */
export async function ofSurvivor<R>(id: string, ask: (id: string) => Promise<R>): Promise<R> {
  try {
    return await ask(id);
  } catch (error) {
    if (!isRefusal(error) || error.type !== "MOVED") throw error;
    return ask(String(error.data?.["survivorId"]));
  }
}
