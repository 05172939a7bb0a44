/** What the conditions of rules can be about, and how each is compared (G11). Pure. */
import type { Operator } from "#shared/contracts/automation/rules.ts";

export type Kind = "text" | "choice" | "words" | "moment" | "hours" | "time";

export interface Column {
  kind: Kind;
  /** What there is to choose from; anything where it is not said. */
  values?: readonly string[];
  /** It tells about a person: what it was stays out of the log. */
  personal?: true;
}

const texts: Operator[] = ["is", "isNot", "contains", "containsNot", "isEmpty", "isNotEmpty"];

/** The operators that a kind of column takes. */
export const operatorsOf: Record<Kind, readonly Operator[]> = {
  text: texts,
  choice: ["is", "isNot", "isOneOf", "isNoneOf", "isEmpty", "isNotEmpty"],
  words: ["contains", "containsNot", "isEmpty", "isNotEmpty"],
  moment: ["isBefore", "isAfter", "isEmpty", "isNotEmpty"],
  hours: ["isAtLeast", "isLessThan"],
  time: ["isAtLeast", "isLessThan"],
};

const daysOfWeek = [
  ...(["monday", "tuesday", "wednesday", "thursday"] as const),
  ...(["friday", "saturday", "sunday"] as const),
];

const channelTypes = ["email", "sms", "whatsapp", "webchat", "social", "telephony", "custom"];
const personalText: Column = { kind: "text", personal: true };
const choice = (...values: string[]): Column => ({ kind: "choice", values });
const anyChoice: Column = { kind: "choice" };
const moment: Column = { kind: "moment" };
const hours: Column = { kind: "hours" };

const columns: Readonly<Record<string, Column>> = {
  "case.type": anyChoice,
  "case.description": personalText,
  "case.subject": personalText,
  "case.status": choice("new", "open", "transferred", "escalated"),
  "case.priority": choice("high", "medium", "low"),
  "case.campaign": anyChoice,
  "case.assignee": anyChoice,
  "case.channel": anyChoice,
  "case.channelType": choice(...channelTypes),
  "case.disposition": { kind: "text" },
  "case.nextActionAt": moment,
  "case.createdAt": moment,
  "case.updatedAt": moment,
  "interaction.direction": choice("inbound", "outbound"),
  "interaction.channel": anyChoice,
  "customer.documentType": personalText,
  "customer.documentNumber": personalText,
  "customer.name": personalText,
  "customer.gender": personalText,
  "customer.birthDate": { kind: "moment", personal: true },
  "customer.tags": { kind: "words", personal: true },
  "account.number": personalText,
  "activity.observations": personalText,
  "activity.nextActionAt": moment,
  "hours.sinceCreated": hours,
  "hours.sinceOpened": hours,
  "hours.sinceTransferred": hours,
  "hours.sinceEscalated": hours,
  "hours.sinceLastInteraction": hours,
  "hours.sinceLastCustomerInteraction": hours,
  "hours.sinceLastActivity": hours,
  "time.ofDay": { kind: "time" },
  "time.dayOfWeek": choice(...daysOfWeek),
};

/** The fields of forms, by their keys, and of accounts, by their names. */
const named = /^(activity\.field\.[a-z][A-Za-z0-9]{0,39}|account\.field\.\S.{0,79})$/u;

/** What a column is; undefined where there is none of that name. */
export const columnOf = (name: string): Column | undefined =>
  Object.hasOwn(columns, name) ? columns[name] : named.test(name) ? personalText : undefined;

/** What is to be asked of the neighbours, beside the case itself. */
export type Need = "customer" | "account" | "activity" | "channel" | "campaign";

const needs: readonly (readonly [prefix: string, need: Need])[] = [
  ["customer.", "customer"],
  ["account.", "account"],
  ["activity.", "activity"],
  ["case.channelType", "channel"],
  ["time.", "campaign"],
];

/** What the conditions on these columns need to know. */
export const needsOf = (names: readonly string[]): ReadonlySet<Need> =>
  new Set(
    names.flatMap((name) => needs.flatMap(([of, need]) => (name.startsWith(of) ? [need] : []))),
  );
