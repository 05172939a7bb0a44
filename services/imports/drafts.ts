/** What a row says: a customer, an account and a case, checked as each of them is (D25). */
import { ImportedCase } from "#shared/contracts/cases/imports.ts";
import { Account } from "#shared/contracts/customers/accounts.ts";
import type { GivenContactPoint } from "#shared/contracts/customers/customer.ts";
import { ImportedCustomer } from "#shared/contracts/customers/imports.ts";
import type { PlatformFieldName } from "#shared/contracts/imports/fields.ts";
import type { ImportOptions, RowFault } from "#shared/contracts/imports/import.ts";
import { readAddress } from "#shared/contact-points.rules.ts";
import type { FieldFault } from "#shared/errors.ts";
import { optional } from "#shared/fields.ts";
import { nameKey } from "#shared/names.rules.ts";
import { compileShape } from "#shared/validation.ts";
import type { Columns } from "./mapping.rules.ts";
import { dayOf } from "./workbook/dates.rules.ts";
import { longestCell } from "./workbook/sheet.ts";

/** A row, read. */
export interface Draft {
  customer: ImportedCustomer;
  account?: { number: string; extraFields: { name: string; value: string }[] };
  ownerId?: string;
  subject?: string;
  description?: string;
  /** The normal forms of its contact points: by them it is found when a person is erased. */
  addresses: string[];
}

export interface Reading {
  headings: readonly string[];
  columns: Columns;
  options: ImportOptions;
  /** Users of the campaign by e-mail address and by name, folded; null where two are called so. */
  users: ReadonlyMap<string, string | null>;
}

/** What a row says, or why it cannot be taken in. */
export type Read = { draft: Draft; faults?: never } | { faults: RowFault[]; draft?: never };

const { contactPoints: _points, ...customerShape } = ImportedCustomer;
const check = compileShape({
  ...customerShape,
  accountNumber: optional(Account.number),
  extraFields: Account.extraFields,
  caseSubject: ImportedCase.subject,
  caseDescription: optional(ImportedCase.description),
});

const longestRow = 30_000;
const longestValue = 100;

/** Reads the cells of a row. */
export function draftOf(cells: readonly string[], reading: Reading): Read {
  const { columns, options } = reading;
  const said = (field: PlatformFieldName): string | undefined =>
    cells[columns.fields.get(field) ?? -1] || undefined;
  if (isTooLong(cells)) return { faults: [tooLong] };

  const { flat, faults: misread } = flatOf(said, cells, reading);
  const { points, keys, faults: unreachable } = pointsOf(said, options);
  const owner = ownerOf(said("assignedUser"), reading);
  const broken = check(flat).map(({ path, ...fault }) => ({ ...fault, path: fieldOf(path) }));
  const faults = [...misread, ...broken, ...unreachable, ...owner.faults];
  if (faults.length > 0) return { faults: faults.slice(0, 50).map(placedIn(reading, cells)) };

  const { accountNumber, extraFields, caseSubject, caseDescription, ...customer } = flat;
  return {
    draft: {
      customer: { ...customer, contactPoints: points },
      ...(accountNumber ? { account: { number: accountNumber, extraFields } } : {}),
      ...(owner.id ? { ownerId: owner.id } : {}),
      ...(caseSubject ? { subject: caseSubject } : {}),
      ...(caseDescription ? { description: caseDescription } : {}),
      addresses: keys,
    },
  };
}

type Said = (field: PlatformFieldName) => string | undefined;
type Flat = Omit<ImportedCustomer, "contactPoints"> & {
  accountNumber?: string;
  extraFields: { name: string; value: string }[];
  caseSubject?: string;
  caseDescription?: string;
};

const isTooLong = (cells: readonly string[]): boolean =>
  cells.some(({ length }) => length > longestCell) ||
  cells.reduce((all, { length }) => all + length, 0) > longestRow;

const tooLong: RowFault = {
  field: "row",
  message: `must have at most ${String(longestRow)} characters, and ${String(longestCell)} in a cell`,
  code: "stringMax",
};

const asTheyStand = [
  ...(["documentNumber", "firstName", "middleName", "lastName", "secondLastName"] as const),
  ...(["businessName", "gender", "accountNumber", "caseSubject", "caseDescription"] as const),
] satisfies PlatformFieldName[];

function flatOf(said: Said, cells: readonly string[], { columns, options }: Reading) {
  const [birthDate, kind] = [said("birthDate"), kindOf(said)];
  const born = birthDate && dayOf(birthDate);
  const faults = [
    ...(birthDate && !born ? [fault("birthDate", "must be a day, such as 1990-12-31")] : []),
    ...(said("kind") && !kind ? [fault("kind", "must be Person or Company")] : []),
  ];
  const documentType = said("documentType") ?? columns.documentType ?? options.documentType;
  const flat = {
    ...Object.fromEntries(asTheyStand.flatMap((field) => entry(field, said(field)))),
    ...Object.fromEntries([
      ...entry("documentType", documentType),
      ...entry("kind", kind),
      ...entry("birthDate", born),
    ]),
    ...tagsOf(said("tags")),
    extraFields: columns.extras.flatMap(({ name, column }) =>
      cells[column] ? [{ name, value: cells[column] }] : [],
    ),
  };
  return { flat: flat as Flat, faults };
}

function tagsOf(written: string | undefined): { tags?: string[] } {
  if (!written) return {};
  const tags = written.split(/[,;]/).map((tag) => tag.trim());
  return { tags: [...new Set(tags)].filter(Boolean) };
}

const entry = (name: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[name, value]];

const kinds: Readonly<Record<string, "person" | "company">> = {
  person: "person",
  persona: "person",
  "persona natural": "person",
  natural: "person",
  company: "company",
  empresa: "company",
  "persona juridica": "company",
  juridica: "company",
};

function kindOf(said: Said): "person" | "company" | undefined {
  const written = said("kind");
  if (written) return kinds[nameKey(written)];
  const isNamed = said("firstName") ?? said("lastName");
  return said("businessName") && !isNamed ? "company" : undefined;
}

const reached: readonly [PlatformFieldName, GivenContactPoint["type"]][] = [
  ["email", "email"],
  ["email2", "email"],
  ["phone", "phone"],
  ["phone2", "phone"],
  ["mobile", "mobile"],
  ["mobile2", "mobile"],
  ["address", "postal"],
];

function pointsOf(said: Said, { country }: Pick<ImportOptions, "country">) {
  const points = new Map<string, GivenContactPoint>();
  const keys: string[] = [];
  const faults: FieldFault[] = [];
  for (const [field, type] of reached) {
    const value = said(field);
    if (!value) continue;
    const address = readAddress({ type, value, defaultCountry: country });
    if (value.length > 320) faults.push(fault(field, "must have at most 320 characters"));
    else if ("fault" in address) faults.push(fault(field, address.fault));
    else points.set(`${type} ${address.value}`, { type, value: address.value });
    if ("key" in address && address.key) keys.push(address.key);
  }
  return { points: [...points.values()], keys: [...new Set(keys)], faults };
}

function ownerOf(
  written: string | undefined,
  { options, users }: Pick<Reading, "options" | "users">,
): { id?: string; faults: FieldFault[] } {
  if (!written || !options.assignAccounts) return { faults: [] };
  const id = users.get(nameKey(written));
  if (id) return { id, faults: [] };
  const message =
    id === null
      ? "is the name of several users: say the e-mail address"
      : "is no user who works in the campaign";
  return { faults: [fault("assignedUser", message)] };
}

const fault = (path: PlatformFieldName, message: string): FieldFault => ({
  ...{ path, message, code: path === "assignedUser" ? "unknownUser" : "invalid" },
});

/** The datum that a fault of the checked object is about. */
const fieldOf = (path: string): string => path.split(/[.[]/)[0] ?? path;

/** A fault as the row's: with its column and what stands there. */
const placedIn =
  ({ columns, headings }: Pick<Reading, "columns" | "headings">, cells: readonly string[]) =>
  ({ path, message, code }: FieldFault): RowFault => {
    const place = columns.fields.get(path as PlatformFieldName);
    const column = place === undefined ? undefined : headings[place];
    const value = place === undefined ? undefined : cells[place];
    return {
      ...{ field: path.slice(0, 60), message, code: code.slice(0, 60) },
      ...(column === undefined ? {} : { column }),
      ...(value ? { value: value.slice(0, longestValue) } : {}),
    };
  };
