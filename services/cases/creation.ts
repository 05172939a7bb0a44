/** Creating a case by hand: what the neighbours must say before it is kept (F060-F068, F137). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { invalid, invalidField, isRefusal, unavailable, type FieldFault } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { firstAnswer, write, type Tx } from "#shared/mongo/write.ts";
import { isOwn } from "#shared/visibility.ts";
import { chosenAccount, linkTo } from "./accounts.ts";
import type { KnownAccount } from "./accounts.store.ts";
import * as rules from "./cases.rules.ts";
import * as store from "./cases.store.ts";
import { continueFrom, originOf, sourceOf } from "./continuing.ts";
import { otherCustomer, requireSameCampaign, type Source } from "./continuing.rules.ts";
import { again } from "./customer-moves.store.ts";
import { nextNumbers } from "./numbers.store.ts";
import { wakeRouter } from "./router.ts";
import { scopesOf } from "./scopes.ts";
import { searchWordsOf } from "./search.rules.ts";

type Asked = Request<Contracts["cases"]["actions"]["create"]>;
type NewCustomer = NonNullable<Asked["customer"]>;

/**
 * Creates a case by hand for a customer, or for a new one given in place (F060-F068); or out of an
 * interaction, whose customer, campaign and channel it then has (F137, F070).
 * @throws 422 VALIDATION_ERROR naming what cannot be kept; 409 CUSTOMER_EXISTS with `existingId`;
 *   where an interaction is named, what `sourceOf` throws, and 409 TOO_MANY_RELATIONS
 */
export async function create(ctx: Ctx<Asked>): Promise<Case> {
  const before = await firstAnswer<Case>("cases", ctx);
  if (before) return before;
  const {
    customerId: _one,
    customer: _other,
    campaignId: named,
    interactionId,
    ...form
  } = ctx.params;
  const actor = actorOf(ctx);
  const source = interactionId ? await sourceOf(ctx, interactionId) : undefined;
  const party = await partyOf(ctx, source);
  rules.requireComplete(form);

  const campaignId = await campaignFor(ctx, named, source);
  const known = "customerId" in party ? await customerOf(ctx, party) : undefined;
  const account = await accountFor(ctx, known?.customerId);
  // last, so that a form refused for something else makes no customer
  const customer = known ?? (await customerOf(ctx, party));
  return keptFor(ctx, customer, { form, campaignId, actor, account, source });
}

interface Filled {
  form: rules.Form;
  campaignId: string;
  actor: Actor;
  account: KnownAccount | undefined;
  source: Source | undefined;
}

/** A customer that is merged at the same moment may be so several times. */
const mostMerges = 10;

async function keptFor(
  ctx: Ctx<Asked>,
  customer: store.CustomerCopy,
  filled: Filled,
  tried = 0,
): Promise<Case> {
  try {
    return await again(() => kept(ctx, customer, filled));
  } catch (error) {
    if (!(error instanceof store.CustomerMerged)) throw error;
    if (tried === mostMerges) throw unavailable("The customer is being merged again and again");
    return keptFor(ctx, await customerOf(ctx, customer), filled, tried + 1);
  }
}

async function kept(
  ctx: Ctx<Asked>,
  customer: store.CustomerCopy,
  { form, account, source, ...others }: Filled,
): Promise<Case> {
  const [number] = await nextNumbers(1);
  if (number === undefined) throw new Error("No case number was given out");
  const facts = { ...others, id: newId(), number, customer, now: new Date() };

  const created = await write("cases", ctx, async (tx) => {
    const linked = account && (await linkTo(account, tx));
    const kase = rules.opened({ ...form, ...linked, ...(source && originOf(source)) }, facts);
    await store.insert(kase, searchWordsOf(kase), tx.session);

    tellCreated(tx, kase, "user");
    if (source) await continueFrom(tx, kase, source);
    return kase;
  });
  wakeRouter();
  return created;
}

/** Tells of a case that was made otherwise than by a message. */
export function tellCreated(tx: Tx<"cases">, kase: Case, cause: "user" | "import"): void {
  const { id, number, version, campaignId, customerId, channelId, assigneeId } = kase;
  tx.announce({
    event: "cases.created",
    aggregate: { kind: "case", id, version },
    changes: rules.changesOf(kase),
    data: {
      ...{ id, number, campaignId, customerId, cause },
      ...(channelId ? { channelId } : {}),
      ...(assigneeId ? { assigneeId } : {}),
    },
  });
}

/** A customer that is yet to be made has no account. */
async function accountFor(ctx: Ctx<Asked>, customerId: string | undefined) {
  const { accountId } = ctx.params;
  if (!accountId) return undefined;
  if (!customerId) throw rules.notTheirAccount();
  return chosenAccount(ctx, accountId, customerId);
}

/** Who attends to a case of a linked campaign may go on with it there (F208). */
async function campaignFor(
  ctx: Ctx<Asked>,
  named: string | undefined,
  source: Source | undefined,
): Promise<string> {
  const actor = actorOf(ctx);
  if (source) requireSameCampaign(named, source);
  const scopes = (await scopesOf(ctx)).filter((scope) => source !== undefined || isOwn(scope));
  const chosen = source?.kase.campaignId ?? named;
  const current = chosen ? undefined : (await ctx.call("identity.me")).currentCampaignId;
  const id = rules.chosenCampaign(chosen, current, scopes);
  const campaign = await describedCampaign(ctx, id);
  rules.requireWorkable(campaign, actor, scopes, ctx.params.caseTypeId);
  return id;
}

async function describedCampaign(ctx: Ctx, id: string) {
  try {
    return await ctx.call("campaigns.describe", { id });
  } catch (error) {
    if (isRefusal(error) && error.type === "NOT_FOUND") throw rules.notYourCampaign();
    throw error;
  }
}

/**
 * Whose case it is; an interaction's is its customer's, whom the form may name by another id.
 * @throws 422 at what names another customer
 */
async function partyOf(ctx: Ctx<Asked>, source: Source | undefined): Promise<Party> {
  if (!source) return rules.party(ctx.params);
  const { customerId: named, customer } = ctx.params;
  const { customerId } = source.kase;
  if (customer) throw otherCustomer("customer");
  if (named === undefined || named === customerId) return { customerId };
  const [own, other] = [
    await customerOf(ctx, { customerId }),
    await customerOf(ctx, { customerId: named }),
  ];
  if (own.customerId !== other.customerId) throw otherCustomer("customerId");
  return { customerId };
}

/** A repeat of the command makes no second customer: the neighbour knows it by the same key. */
async function createdCustomer(ctx: Ctx, customer: NewCustomer): Promise<string> {
  try {
    return (await ctx.call("customers.create", customer)).id;
  } catch (error) {
    throw isRefusal(error) && error.type === "VALIDATION_ERROR" ? insideCustomer(error) : error;
  }
}

/** What is wrong with the customer is wrong with the field `customer` of the form. */
const insideCustomer = ({ data }: { data?: Record<string, unknown> }) =>
  invalid(
    ((data?.["errors"] ?? []) as FieldFault[]).map((fault) => ({
      ...fault,
      path: fault.path ? `customer.${fault.path}` : "customer",
    })),
  );

type Party = { customerId: string } | { customer: NewCustomer };

/** A merged customer's id stands for its survivor (D03). */
async function customerOf(ctx: Ctx, party: Party): Promise<store.CustomerCopy> {
  const customerId =
    "customerId" in party ? party.customerId : await createdCustomer(ctx, party.customer);
  const [found] = await ctx.call("customers.describe", { ids: [customerId] });
  if (!found) throw invalidField("customerId", "is not a customer", "unknown");
  if (found.mergedInto) return customerOf(ctx, { customerId: found.mergedInto });
  if (found.disabled) throw invalidField("customerId", "is a disabled customer", "disabled");
  const { name, document } = found;
  return { customerId, customerName: name, ...(document ? { customerDocument: document } : {}) };
}
