/** Which required fields of a customer are empty (F111, D07). Pure. */
import type { CampaignSettings } from "#shared/contracts/campaigns/settings.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";

export type RequiredField = CampaignSettings["requiredCustomerFields"][number];

/** A person has no business name; a company is nobody with a birthday. */
const notAskedOf: Record<Customer["kind"], readonly RequiredField[]> = {
  person: ["businessName"],
  company: ["firstName", "middleName", "lastName", "secondLastName", "birthDate", "gender"],
};

/** Those of these fields that are empty, in the order in which they are asked for. */
export const missingIn = (customer: Customer, fields: readonly RequiredField[]): RequiredField[] =>
  fields.filter((field) => !notAskedOf[customer.kind].includes(field) && isEmpty(customer[field]));

const isEmpty = (held: string | readonly unknown[] | null | undefined): boolean =>
  typeof held === "string" ? held.trim() === "" : !held || held.length === 0;
