/** What tests of closing and transferring begin with: two campaigns, their people, and cases there. */
import type { Answer, Meta } from "#shared/bus.ts";
import type { Campaign, CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Filing } from "#shared/contracts/cases/filing.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { unmerged } from "#shared/testing/customers.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";
import { cases as table } from "./tables.store.ts";

export const administrator = as("administrator", { id: "admin" });
const [ada, bo, cleo, rosa] = ["ada", "bo", "cleo", "rosa"] as const;
export const [chat, mail] = ["chat-1", "mail-1"] as const;

/** Somebody at work in a session. */
export const agent = (id: string = ada) => as("agent", { id, sessionId: newId() });
export const supervisor = (id: string = rosa) => as("supervisor", { id, sessionId: newId() });

const roles: Record<string, "supervisor" | "administrator"> = {
  [rosa]: "supervisor",
  admin: "administrator",
};

export interface Said {
  options?: Partial<Campaign["options"]>;
  /** Of the other campaign. */
  sales?: Partial<Campaign>;
  /** What the customers lack. */
  missing?: ("firstName" | "lastName" | "documentNumber")[];
  disabled?: string[];
}

/** Ada and Bo work in support, Cleo in sales, and Rosa supervises support. */
export async function start(said: Said = {}) {
  const campaigns = twoCampaigns(said);
  const { customers, asked, made } = knownCustomers(said);
  const bus = await startBus(
    cases,
    standIn("campaigns", {
      describe({ params: { id } }) {
        const found = campaigns.find((one) => one.id === id);
        if (!found) throw notFound("campaign", id);
        return found;
      },
      scopesOf: ({ params: { userId } }) => campaigns.flatMap((one) => scopesIn(one, userId)),
    }),
    standIn("customers", customers),
    standIn("identity", {
      namesOf: ({ params: { ids } }) => ids.flatMap((id) => personOf(id, said)),
    }),
  );
  const aKept = async (more: Partial<Case> = {}) => {
    const kase = aCase({ campaignId: "support", ...more });
    await keep(kase);
    return kase;
  };
  return { bus, asked, made, aKept, campaigns };
}

function twoCampaigns({ options, sales }: Said): Campaign[] {
  const usual = { ...aCampaign("").options, queueAssignment: false };
  return [
    aCampaign("support", {
      caseTypes: [{ id: "claim", name: "Claim" }],
      channelIds: [chat, mail],
      agents: [ada, bo].map((userId) => ({ userId, channelIds: [chat, mail] })),
      supervisorIds: [rosa],
      options: { ...usual, agentsSeeAllCases: true, ...options },
    }),
    aCampaign("sales", {
      channelIds: [mail],
      agents: [{ userId: cleo, channelIds: [mail] }],
      options: usual,
      ...sales,
    }),
  ];
}

/** What customers answers, what it was asked, and whom it was asked to make. */
function knownCustomers({ missing = [] }: Said) {
  const asked: unknown[] = [];
  const made: string[] = [];
  const customers = {
    identify: unmerged,
    describe: ({ params: { ids } }) =>
      ids.flatMap((id) => (id === "nobody" ? [] : [{ id, name: `C ${id}` }])),
    create({ params: { firstName } }) {
      made.push(String(firstName));
      return aCustomer(String(firstName));
    },
    missingOf({ params }) {
      asked.push(params);
      return { missing };
    },
  } satisfies Partial<ActionHandlers<"customers">>;
  return { customers, asked, made };
}

const personOf = (id: string, { disabled = [] }: Said): Answer<"identity.namesOf"> =>
  id.startsWith("nobody")
    ? []
    : [{ id, name: `U ${id}`, role: roles[id] ?? "agent", disabled: disabled.includes(id) }];

const aCustomer = (id: string): Customer => ({
  ...{ id, kind: "person", firstName: id, displayName: id, tags: [], contactPoints: [] },
  ...{ disabled: false, version: 1, createdAt: new Date(), updatedAt: new Date() },
});

const scopesIn = (
  { id: campaignId, agents, supervisorIds, options, channelIds }: Campaign,
  userId: string,
): CampaignScope[] => {
  const { agentsSeeAllCases, showOtherCampaigns } = options;
  const toggles = { agentsSeeAllCases, showOtherCampaigns };
  const own = agents.find((one) => one.userId === userId);
  return [
    ...(own ? [{ campaignId, as: "agent" as const, channelIds: own.channelIds, ...toggles }] : []),
    ...(supervisorIds.includes(userId)
      ? [{ campaignId, as: "supervisor" as const, channelIds, ...toggles }]
      : []),
  ];
};

/** A message in a thread of the chat of support. */
export const aFiling = (said: Partial<Filing> = {}): Filing => ({
  interactionId: newId(),
  customerId: newId(),
  campaignId: "support",
  channelId: chat,
  threadKey: "thread",
  preview: "Hello",
  at: new Date(),
  ...said,
});

/** A case as it is kept, with what only the service knows of it. */
export const kept = (id: string) => table.native().findOne({ _id: id });

/** What was told of a case, in order. */
export async function told<E extends "cases.closed" | "cases.transferred" | "cases.escalated">(
  event: E,
  id: string,
) {
  return (await announced("cases", event)).filter(({ aggregate }) => aggregate.id === id);
}

/** The same request again, with the same idempotency key. */
export const command = (who: { meta: Meta }) => ({ meta: { ...who.meta, commandId: newId() } });
