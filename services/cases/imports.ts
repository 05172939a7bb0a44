/** Makes the cases that an import brings, and counts those that it closes (F069, F113, F217, D15). */
import { actorOf } from "#shared/actor.ts";
import type { Answer, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { ImportedCase, TakenCase } from "#shared/contracts/cases/imports.ts";
import { unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { learn, type KnownAccount } from "./accounts.store.ts";
import * as rules from "./cases.rules.ts";
import { CustomerMerged, type CustomerCopy } from "./cases.store.ts";
import { tellCreated } from "./creation.ts";
import { again } from "./customer-moves.store.ts";
import * as store from "./imports.store.ts";
import { nextNumbers } from "./numbers.store.ts";
import { wakeRouter } from "./router.ts";
import { searchWordsOf } from "./search.rules.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

/** As many as one job may close. */
const mostClosed = 20_000;
const mostMerges = 10;

export const importing = {
  async importCases(ctx: Asked<"importCases">): Promise<TakenCase[]> {
    for (let round = 1; ; round += 1) {
      try {
        return await again(() => importAll(ctx));
      } catch (error) {
        if (!(error instanceof CustomerMerged)) throw error;
        if (round === mostMerges) throw unavailable("A customer is being merged again and again");
      }
    }
  },

  async countClosable(ctx: Asked<"countClosable">) {
    const { campaignId, until } = ctx.params;
    const { options } = await ctx.call("campaigns.describe", { id: campaignId });
    const withActivity = !options.allowCloseWithoutActivity;
    return { count: await store.countOpen({ campaignId, until, withActivity }, mostClosed) };
  },
};

async function importAll(ctx: Asked<"importCases">): Promise<TakenCase[]> {
  const { importId, items } = ctx.params;
  const places = items.map(({ row }) => row);
  const before = await store.takenBefore(importId, places);
  const fresh = items.filter(({ row }) => !before.has(row));
  const facts = await factsOf(ctx, fresh);
  const numbers = await nextNumbers(fresh.length);

  const all = await write("cases", ctx, async (tx) => {
    const meanwhile = await store.takenBefore(importId, places, tx.session);
    const left = fresh.filter(({ row }) => !meanwhile.has(row));
    const made = await makeAll(ctx, tx, left, { ...facts, numbers });
    return new Map([...meanwhile, ...made]);
  });
  wakeRouter();
  return places.flatMap((row) => all.get(row) ?? []);
}

type Described = Answer<"customers.describe">[number];

interface Facts {
  customers: ReadonlyMap<string, CustomerCopy>;
  accounts: ReadonlyMap<string, KnownAccount & { customerId: string }>;
}

/** What customers says of whom the cases are about; a merged one stands for its survivor (D03). */
async function factsOf(ctx: Ctx, items: readonly ImportedCase[]): Promise<Facts> {
  const customers = new Map<string, CustomerCopy>();
  let wanted = new Map(items.map(({ customerId }) => [customerId, customerId]));
  for (let round = 0; wanted.size > 0 && round < mostMerges; round += 1) {
    const ids = [...new Set(wanted.values())];
    const found = await ctx.call("customers.describe", { ids });
    const byId = new Map(found.map((one) => [one.id, one]));
    const moved = new Map<string, string>();
    for (const [asked, id] of wanted) {
      const one = byId.get(id);
      if (one?.mergedInto) moved.set(asked, one.mergedInto);
      else if (one) customers.set(asked, copyOf(one));
    }
    wanted = moved;
  }
  return { customers, accounts: await accountsOf(ctx, items) };
}

function copyOf({ id: customerId, name: customerName, document }: Described): CustomerCopy {
  return { customerId, customerName, ...(document ? { customerDocument: document } : {}) };
}

async function accountsOf(ctx: Ctx, items: readonly ImportedCase[]): Promise<Facts["accounts"]> {
  const ids = [...new Set(items.flatMap(({ accountId }) => accountId ?? []))];
  const known = ids.length > 0 ? await ctx.call("customers.describeAccounts", { ids }) : [];
  return new Map(known.map((one) => [one.id, { ...one, isDeleted: false }]));
}

async function makeAll(
  ctx: Asked<"importCases">,
  tx: Tx<"cases">,
  items: readonly ImportedCase[],
  { customers, accounts, numbers }: Facts & { numbers: readonly number[] },
): Promise<[number, TakenCase][]> {
  const { importId, campaignId, priority } = ctx.params;
  const { role: _role, ...actor } = actorOf(ctx); // nobody attends in person
  const now = new Date();
  const made: Case[] = [];
  const taken: TakenCase[] = [];
  for (const [place, { row, customerId, accountId, ...form }] of items.entries()) {
    const customer = customers.get(customerId);
    const number = numbers[place];
    if (!customer || number === undefined) {
      taken.push({ row, refusal: gone });
      continue;
    }
    const { assigneeId, description, ...others } = form;
    const account = await linkTo(accounts.get(accountId ?? ""), customer, tx);
    const facts = { id: newId(), number, campaignId, customer, actor, now };
    const kase = {
      ...rules.opened({ description, ...others, priority, ...account }, facts),
      ...(assigneeId ? { assigneeId } : {}),
    };
    made.push(kase);
    taken.push({ row, caseId: kase.id, number });
  }
  await store.insertAll(made, searchWordsOf, tx.session);
  await store.keepTaken(importId, taken, now, tx.session);
  for (const kase of made) tellCreated(tx, kase, "import");
  return taken.map((one) => [one.row, one]);
}

const gone = { status: 404, code: "NOT_FOUND", detail: "The customer is not there any more" };

/** An account that was deleted meanwhile, or went to another customer, leaves its case without one. */
async function linkTo(
  account: (KnownAccount & { customerId: string }) | undefined,
  { customerId }: CustomerCopy,
  { session }: Tx<"cases">,
): Promise<Pick<Case, "accountId" | "accountNumber">> {
  if (account?.customerId !== customerId) return {};
  const { id, number, version, isDeleted } = account;
  const known = await learn({ id, number, version, isDeleted }, session);
  return known.isDeleted ? {} : { accountId: known.id, accountNumber: known.number };
}
