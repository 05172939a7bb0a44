/** What makes a customer and what may change in one. */
import type { Change } from "#shared/contracts/common.ts";
import type { ContactPoint, Customer, NewCustomer } from "#shared/contracts/customers/customer.ts";
import { conflict, invalid, invalidField, type FieldFault } from "#shared/errors.ts";
import type { Received } from "#shared/fields.ts";
import { readAddress, type Address } from "#shared/contact-points.rules.ts";
import { compact, cut, fold } from "#shared/folding.rules.ts";
import { pairsOf } from "./search-pairs.rules.ts";
import { searchWordsOf } from "./search-words.rules.ts";

export type NewContactPoint = Pick<ContactPoint, "type" | "value" | "label">;
type Draft = Received<typeof NewCustomer>;

/** Who writes, and when. */
export interface Stamp {
  at: Date;
  by: string;
}

/** The most contact points that one customer may have. */
const mostContactPoints = 200;

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
  const read = readContactPoints(contactPoints);
  const points = contactPoints.map((point, index) => ({
    ...point,
    id: newId(),
    value: read[index]?.value ?? point.value,
    createdAt: at,
  }));
  const trail = { version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
  const state = { disabled: false, owners: [] };
  return whole({ ...draft, id, displayName: "", contactPoints: points, ...state, ...trail });
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

/**
 * A customer with one more contact point (F021, F023, F024).
 * @throws 422 at `value` when it is no address of its type; 409 CONTACT_POINT_EXISTS with
 *   `existingId` when the customer has it, 409 TOO_MANY_CONTACT_POINTS beyond 200
 */
export function addContactPoint(
  current: Customer,
  { id, ...given }: NewContactPoint & { id: string },
  { at, by }: Stamp,
): { customer: Customer; point: ContactPoint } {
  const address = readAddress({ ...given, network: given.label });
  if ("fault" in address) throw invalidField("value", address.fault, "contactPoint");
  const point: ContactPoint = { id, ...given, value: address.value, createdAt: at };
  const twin = current.contactPoints.find((one) => identityOf(one) === identityOf(point));
  if (twin) {
    throw conflict("CONTACT_POINT_EXISTS", "The customer has this contact point already", {
      existingId: twin.id,
    });
  }
  if (current.contactPoints.length >= mostContactPoints) {
    throw conflict("TOO_MANY_CONTACT_POINTS", "The customer has too many contact points", {
      limit: mostContactPoints,
    });
  }
  const contactPoints = [...current.contactPoints, point];
  const trail = { version: current.version + 1, updatedAt: at, updatedBy: by };
  return { customer: whole({ ...current, contactPoints, ...trail }), point };
}

// ── What is derived ──────────────────────────────────────────────────────────

/** What a customer is found, told apart and put in order by. */
export function lookupsOf(customer: Customer) {
  const documentKey = documentKeyOf(customer);
  const words = searchWordsOf(customer);
  return {
    ...(documentKey ? { documentKey } : {}),
    searchWords: [...words, ...pairsOf(words)],
    sortName: cut(fold(customer.displayName), longestSortName),
    contactKeys: [...new Set(customer.contactPoints.flatMap((point) => keyOf(point) ?? []))],
  };
}

const longestSortName = 60;

/** Type and number without case, accents and punctuation: what must be unique (G17, D19). */
const documentKeyOf = ({
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

/** Each field's old and new value; a new customer has no old ones (D18). */
export function changesBetween(before: Customer | undefined, after: Customer): Change[] {
  const fields = basicFields.flatMap((field) => {
    const [old, now] = [before?.[field] ?? null, after[field] ?? null];
    const unset = !before && [null, false, "[]"].includes(Array.isArray(now) ? json(now) : now);
    return unset || json(old) === json(now) ? [] : [{ field, old, new: now }];
  });
  const known = new Set(before?.contactPoints.map(({ id }) => id));
  const points = after.contactPoints.filter(({ id }) => !known.has(id));
  return [
    ...fields,
    ...points.map(({ createdAt: _createdAt, ...point }) => ({
      field: "contactPoints",
      old: null,
      new: point,
    })),
  ];
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

const keyOf = ({ type, value, label }: NewContactPoint): string | undefined => {
  const address = readAddress({ type, value, network: label });
  return "key" in address ? address.key : undefined;
};

/** What may stand only once in a customer's list; a number may be there as phone and as mobile. */
const identityOf = (point: NewContactPoint): string =>
  `${point.type} ${keyOf(point) ?? point.value}`;

// ── What is refused ──────────────────────────────────────────────────────────

function readContactPoints(points: readonly NewContactPoint[]): Address[] {
  const faults: FieldFault[] = [];
  const seen = new Set<string>();
  const addresses = points.map((point, index) => {
    const address = readAddress({ ...point, network: point.label });
    const fault =
      "fault" in address
        ? address.fault
        : seen.has(identityOf(point))
          ? "must not stand in the list twice"
          : undefined;
    const path = `contactPoints[${String(index)}].value`;
    if (fault) faults.push({ path, message: fault, code: "contactPoint" });
    seen.add(identityOf(point));
    return "fault" in address ? { value: point.value } : address;
  });
  if (faults.length > 0) throw invalid(faults);
  return addresses;
}

/** The customer with what follows from its fields, and without those that say nothing. */
function whole(customer: Customer): Customer {
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
