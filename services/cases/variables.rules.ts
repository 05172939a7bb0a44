/** What the variables of a campaign's texts say in a case (F201, F202). Pure. */
import type { Case } from "#shared/contracts/cases.ts";
import type { CampaignSeen } from "#shared/contracts/campaigns.ts";
import type { Actor } from "#shared/contracts/common.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { escapedHtml } from "#shared/html.rules.ts";
import { filledWith, type Variable } from "#shared/variables.rules.ts";

/** What the words come from; a neighbour's part only where a text speaks of it. */
export interface Facts {
  kase: Case;
  user: Pick<Actor, "id" | "name">;
  customer: Customer | undefined;
  campaign: Pick<CampaignSeen, "name" | "caseTypes"> | undefined;
}

/** What each variable says; one without a value says nothing. */
export const words: Readonly<Record<Variable, (facts: Facts) => string | null | undefined>> = {
  "customer.id": ({ kase }) => kase.customerId,
  "customer.name": ({ customer }) => customer?.displayName,
  "customer.firstName": ({ customer }) => customer?.firstName,
  "customer.lastName": ({ customer }) => customer?.lastName,
  "customer.businessName": ({ customer }) => customer?.businessName,
  "customer.documentType": ({ customer }) => customer?.documentType,
  "customer.documentNumber": ({ customer }) => customer?.documentNumber,
  "customer.email": ({ customer }) => addressOf(customer, "email"),
  "customer.phone": ({ customer }) => addressOf(customer, "phone", "mobile"),
  "case.id": ({ kase }) => kase.id,
  "case.number": ({ kase }) => String(kase.number),
  "case.subject": ({ kase }) => kase.subject,
  "case.description": ({ kase }) => kase.description,
  "case.status": ({ kase }) => kase.status,
  "case.priority": ({ kase }) => kase.priority,
  "case.type": ({ kase, campaign }) =>
    campaign?.caseTypes.find(({ id }) => id === kase.caseTypeId)?.name,
  "account.number": ({ kase }) => kase.accountNumber,
  "campaign.id": ({ kase }) => kase.campaignId,
  "campaign.name": ({ campaign }) => campaign?.name,
  "user.id": ({ user }) => user.id,
  "user.name": ({ user }) => user.name,
};

/** The customer's first address of one of these kinds. */
const addressOf = (customer: Customer | undefined, ...types: string[]): string | undefined =>
  customer?.contactPoints.find(({ type }) => types.includes(type))?.value;

/** Whether customers has to be asked for what these say. */
export const speaksOfCustomer = (names: readonly Variable[]): boolean =>
  names.some((name) => name.startsWith("customer.") && name !== "customer.id");

/** Whether campaigns has to be asked for what these say. */
export const speaksOfCampaign = (names: readonly Variable[]): boolean =>
  names.some((name) => name === "campaign.name" || name === "case.type");

/** The script as it is read; what a value says is text, never HTML. */
export const filledScript = (html: string, facts: Facts): string =>
  filled(html, facts, { most: 150_000, written: escapedHtml });

/** The address that a tab leads to; no value reaches beyond its place in it. */
export const filledAddress = (address: string, facts: Facts): string =>
  filled(address, facts, { most: 4_000, written: asPartOfAddress });

/** Dots alone would lead to another path, however they are written. */
const asPartOfAddress = (value: string): string =>
  /^\.+$/.test(value) ? "" : encodeURIComponent(value.toWellFormed());

interface Writing {
  /** Characters that all values may have together; one that has no room says nothing. */
  most: number;
  written: (value: string) => string;
}

/** The text with what each of its variables says, as it is to be written there. */
export function filled(text: string, facts: Facts, { most, written }: Writing): string {
  let room = most;
  return filledWith(text, (name) => {
    const value = written(words[name](facts) ?? "");
    if (value.length > room) return "";
    room -= value.length;
    return value;
  });
}
