/** What tests of a case's view, script and tabs begin with: a campaign with both, and who works in it. */
import type { ServiceSchema } from "moleculer";
import type { Case } from "#shared/contracts/cases.ts";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Tab } from "#shared/contracts/campaigns/tabs.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const at = new Date("2026-03-01T10:00:00Z");

export const ada: Customer = {
  ...{ id: "ada", kind: "person", displayName: "Ada <Lovelace>", firstName: "Ada" },
  ...{ documentNumber: "1815/2", tags: [], contactPoints: [], disabled: false },
  ...{ version: 1, createdAt: at, updatedAt: at },
};

/** Sees all of the campaign `support`, and may read others' (F125). */
const scope: CampaignScope = {
  ...{ campaignId: "support", as: "agent", channelIds: [] },
  ...{ agentsSeeAllCases: true, showOtherCampaigns: true },
};

export const field = { key: "plan", label: "Plan", type: "text", required: true } as const;
const finding = { key: "debt", label: "Debt", path: "invoices.0.total" };
const address = "https://crm.example.com/c/{{customer.documentNumber}}?n={{case.number}}";

export const tabs = {
  link: { id: "link", title: "Catalogue", kind: "link", address, keepsValues: false },
  form: { id: "form", title: "Survey", kind: "form", fields: [field], keepsValues: false },
  shown: {
    ...{ id: "shown", title: "CRM", kind: "integration", keepsValues: false, address },
    findings: [finding],
  },
  kept: {
    ...{ id: "kept", title: "Billing", kind: "integration", keepsValues: true, address },
    findings: [finding, { key: "vip", label: "VIP", path: "vip" }],
  },
} satisfies Record<string, Tab>;

const items: readonly Tab[] = Object.values(tabs);

interface Said {
  tabs?: readonly Tab[];
  script?: string;
  customers?: Partial<ActionHandlers<"customers">>;
  others?: ServiceSchema[];
}

/** The cases service beside a campaign and its customer; agents and supervisors see all of `support`. */
export async function start(said: Said = {}) {
  const { tabs: own = items, script = "<p>Hello {{customer.name}}</p>" } = said;
  const bus = await startBus(
    cases,
    standIn("campaigns", {
      scopesOf: () => [scope, { ...scope, as: "supervisor" }],
      getScript: () => ({ html: script, version: 1 }),
      getTabs: () => ({ items: [...own], version: 1 }),
      get: () => aCampaign("support", { caseTypes: [{ id: "claim", name: "Claim" }] }),
    }),
    standIn("customers", { get: () => ada, ...said.customers }),
    ...(said.others ?? []),
  );
  const aKept = async (more: Partial<Case> = {}) => {
    const kase = aCase({ campaignId: "support", customerId: ada.id, status: "open", ...more });
    await keep(kase);
    return kase;
  };
  return { bus, aKept };
}

export const agent = as("agent");
export const administrator = as("administrator");
