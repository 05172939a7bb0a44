/** Neighbours for tests of creating cases: they know Ada, one campaign and whoever asks. */
import { CampaignOptions, type Campaign, type CampaignScope } from "#shared/contracts/campaigns.ts";
import { CampaignSettings } from "#shared/contracts/campaigns/settings.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { User } from "#shared/contracts/identity.ts";
import { notFound } from "#shared/errors.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { checker } from "#shared/validation.ts";

const now = new Date("2026-03-01T10:00:00Z");
const trail = { version: 1, createdAt: now, updatedAt: now };

export const claims = { id: "claim", name: "Claim" };
export const description = "The router blinks red";

const ada = { id: "ada", name: "Ada Lovelace", document: "CC 1815" };
export const line = { id: "line-1", customerId: ada.id, number: "AB-12", version: 1 };
const others = { id: "line-2", customerId: "bob", number: "CD-34", version: 1 };
const babbage = { id: "babbage", name: "Charles Babbage", disabled: true };
const grace: Customer = {
  id: "grace",
  kind: "person",
  displayName: "Grace Hopper",
  tags: [],
  contactPoints: [],
  disabled: false,
  owners: [],
  ...trail,
};

export const aCampaign = (said: Partial<Campaign> = {}): Campaign => ({
  id: "support",
  name: "Support",
  description: "",
  timeZone: "UTC",
  language: "en",
  enabled: true,
  archived: false,
  ...checker(CampaignSettings)({}),
  routingStrategy: "roundRobin",
  caseTypes: [claims],
  options: Object.fromEntries(
    Object.entries(CampaignOptions).map(([name, field]) => [name, field["default"]]),
  ) as Campaign["options"],
  channelIds: [],
  agents: [],
  supervisorIds: [],
  ...trail,
  ...said,
});

export const aScope = (campaignId: string, as: CampaignScope["as"] = "agent"): CampaignScope => ({
  campaignId,
  as,
  channelIds: [],
  agentsSeeAllCases: false,
  showOtherCampaigns: false,
});

export const bo: User = {
  id: "bo",
  email: "bo@example.com",
  name: "Bo",
  role: "agent",
  disabled: false,
  language: "en",
  ...trail,
};

/** What a test says of the neighbours. */
export interface Said {
  campaigns?: Campaign[];
  scopes?: CampaignScope[];
  currentCampaignId?: string;
  createCustomer?: () => Customer;
}

/** The actions of the neighbours, and the customers that they were asked to make. */
export function neighbours({
  campaigns = [aCampaign()],
  scopes = [aScope("support")],
  currentCampaignId,
  createCustomer = () => grace,
}: Said) {
  const customersMade: unknown[] = [];
  const known = [ada, babbage, { id: grace.id, name: grace.displayName }];
  const me = { ...bo, permissions: [], ...(currentCampaignId ? { currentCampaignId } : {}) };
  return {
    customersMade,
    customers: {
      create(ctx) {
        customersMade.push(ctx.params);
        return createCustomer();
      },
      describe: (ctx) => known.filter(({ id }) => ctx.params.ids.includes(id)),
      describeAccounts: (ctx) => [line, others].filter(({ id }) => ctx.params.ids.includes(id)),
    } satisfies Partial<ActionHandlers<"customers">>,
    campaigns: {
      scopesOf: () => scopes,
      describe(ctx) {
        const found = campaigns.find(({ id }) => id === ctx.params.id);
        if (!found) throw notFound("campaign", ctx.params.id);
        return found;
      },
    } satisfies Partial<ActionHandlers<"campaigns">>,
    identity: { me: () => me } satisfies Partial<ActionHandlers<"identity">>,
  };
}
