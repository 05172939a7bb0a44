/** What makes a customer and what may change in one. */
import type { Change } from "#shared/contracts/common.ts";
import type { ContactPoint, Customer, NewCustomer } from "#shared/contracts/customers/customer.ts";
import { conflict, invalid } from "#shared/errors.ts";
import type { Received } from "#shared/fields.ts";
import { firstPoints, keysOf, pointChanges } from "./contact-points.rules.ts";
import { likenessKeysOf } from "./likeness.rules.ts";
import { compact, cut, fold } from "#shared/folding.rules.ts";
import { pairsOf } from "./search-pairs.rules.ts";
import { searchWordsOf } from "./search-words.rules.ts";

type Draft = Received<typeof NewCustomer>;

/** Who writes, and when. */
export interface Stamp {
  at: Date;
  by: string;
}

const basicFields = [
  "kind",
  "documentType",
  "documentNumber",
  "firstName",
  "middleName",
  "lastName",
  "secondLastName",
  "businessName",
  "birthDate",
  "gender",
  "tags",
  "disabled",
] as const;

/**
 * A new customer (F001, G17).
 * @throws 422 naming each contact point that cannot be read or stands there twice, and what
 *   `requireWhole` refuses
 */
export function create(
  { contactPoints = [], ...draft }: Draft,
  { id, newId, at, by }: Stamp & { id: string; newId: () => string },
): Customer {
  const points = firstPoints(contactPoints, { newId, at });
  const trail = { version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
  return whole({ ...draft, id, displayName: "", contactPoints: points, disabled: false, ...trail });
}

/**
 * A customer after a change; null clears a field. Without a difference it is `current` itself
 * (F002, F012).
 * @throws 422 what `requireWhole` refuses
 */
export function change(
  current: Customer,
  changes: { [K in keyof Customer]?: Customer[K] | undefined },
  { at, by }: Stamp,
): Customer {
  const changed = whole({ ...current, ...changes } as Customer);
  if (changesBetween(current, changed).length === 0) return current;
  return { ...changed, version: current.version + 1, updatedAt: at, updatedBy: by };
}

/** A customer whose contact points are others than before. */
export const withContactPoints = (
  current: Customer,
  contactPoints: ContactPoint[],
  { at, by }: Stamp,
): Customer =>
  whole({ ...current, contactPoints, version: current.version + 1, updatedAt: at, updatedBy: by });

// ── What is derived ──────────────────────────────────────────────────────────

/**
 * What a customer is found, told apart and put in order by.
 * @param accountWords the words of its accounts, by which it is found, too
 */
export function lookupsOf(customer: Customer, accountWords: readonly string[] = []) {
  const documentKey = documentKeyOf(customer);
  const words = [...new Set([...searchWordsOf(customer), ...accountWords])];
  return {
    ...(documentKey ? { documentKey } : {}),
    contactKeys: keysOf(customer.contactPoints),
    likenessKeys: likenessKeysOf(customer),
    searchWords: [...words, ...pairsOf(words)],
    sortName: cut(fold(customer.displayName), longestSortName),
  };
}

const longestSortName = 60;

/** The same of one that is there, once the words of its accounts are read. */
export const lookupsBeside =
  (customer: Customer) =>
  (accountWords: readonly string[]): ReturnType<typeof lookupsOf> =>
    lookupsOf(customer, accountWords);

/** Type and number without case, accents and punctuation: what must be unique (G17, D19). */
export const documentKeyOf = ({
  documentType,
  documentNumber,
}: Pick<Customer, "documentType" | "documentNumber">): string | undefined =>
  documentType && documentNumber
    ? `${compact(documentType)}:${compact(documentNumber)}`
    : undefined;

/** "CC 1234", as headers show it (F013). */
export const documentOf = ({
  documentType,
  documentNumber,
}: Pick<Customer, "documentType" | "documentNumber">): string | undefined =>
  documentNumber ? `${documentType ?? ""} ${documentNumber}`.trim() : undefined;

/** The line that copies of a customer show, such as a case's header (F013). */
export function described(customer: Customer) {
  const document = documentOf(customer);
  const { id, displayName: name, disabled } = customer;
  return { id, name, ...(document ? { document } : {}), ...(disabled ? { disabled } : {}) };
}

/** Each field's old and new value; a new customer has no old ones (D18). */
export function changesBetween(before: Customer | undefined, after: Customer): Change[] {
  const fields = basicFields.flatMap((field) => {
    const [old, now] = [before?.[field] ?? null, after[field] ?? null];
    const unset = !before && [null, false, "[]"].includes(Array.isArray(now) ? json(now) : now);
    return unset || json(old) === json(now) ? [] : [{ field, old, new: now }];
  });
  return [...fields, ...pointChanges(before?.contactPoints ?? [], after.contactPoints)];
}

const json = (value: unknown): string => JSON.stringify(value);

/**
 * A company goes by its business name; who has no name by the document, or else by the first
 * contact point, so that no list shows an empty line.
 */
function displayNameOf(customer: Customer): string {
  const { businessName, contactPoints } = customer;
  const names = [businessName, namesOf(customer), documentOf(customer), contactPoints[0]?.value];
  return names.find(Boolean) ?? "";
}

const namesOf = ({ firstName, middleName, lastName, secondLastName }: Customer): string =>
  [firstName, middleName, lastName, secondLastName].filter(Boolean).join(" ");

// ── What is refused ──────────────────────────────────────────────────────────

/** The customer with what follows from its fields, and without those that say nothing. */
export function whole(customer: Customer): Customer {
  const all: [string, unknown][] = Object.entries(customer);
  const said = all.filter(([, value]) => value !== null && value !== undefined);
  const clean = Object.fromEntries(said) as Customer;
  requireWhole(clean);
  return { ...clean, tags: [...new Set(clean.tags)], displayName: displayNameOf(clean) };
}

/** Each sentence that a customer may break, and the fields that it is about (G17). */
const refusals: { paths: string[]; message: string; broken(customer: Customer): boolean }[] = [
  {
    paths: ["documentType"],
    message: "is needed with a document number",
    broken: ({ documentNumber, documentType }) => has(documentNumber) && !has(documentType),
  },
  {
    paths: ["documentNumber"],
    message: "must have letters or digits",
    broken: ({ documentNumber }) => has(documentNumber) && compact(documentNumber ?? "") === "",
  },
  {
    paths: ["documentType"],
    message: "must have letters or digits",
    broken: ({ documentType }) => has(documentType) && compact(documentType ?? "") === "",
  },
  {
    paths: ["businessName"],
    message: "is only for companies",
    broken: ({ kind, businessName }) => kind === "person" && has(businessName),
  },
  {
    paths: ["businessName", "documentNumber"],
    message: "is needed: a company has a business name or a document",
    broken: ({ kind, businessName, documentNumber }) =>
      kind === "company" && !has(businessName) && !has(documentNumber),
  },
  {
    paths: ["firstName", "lastName", "documentNumber", "contactPoints"],
    message: "is needed: a person has a name, a document or a contact point",
    broken: (customer) =>
      customer.kind === "person" &&
      namesOf(customer) === "" &&
      !has(customer.documentNumber) &&
      customer.contactPoints.length === 0,
  },
];

const has = (value: string | null | undefined): boolean => Boolean(value);

/** @throws 422 naming the fields that a sentence is about */
function requireWhole(customer: Customer): void {
  const broken = refusals.find((refusal) => refusal.broken(customer));
  if (!broken) return;
  const { paths, message } = broken;
  throw invalid(paths.map((path) => ({ path, message, code: "customer" })));
}

/**
 * Refuses to leave nothing that a customer is known by.
 * @throws 409 LAST_CONTACT_POINT
 */
export function requireStillKnown(customer: Customer): void {
  if (!refusals.some((refusal) => refusal.broken(customer))) return;
  throw conflict(
    "LAST_CONTACT_POINT",
    "The customer has neither name nor document, and would have no contact point",
  );
}
