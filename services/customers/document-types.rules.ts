/** Which types of documents there are, and what a customer's document must be like (F001, G17). */
import type { DocumentType, NewDocumentType } from "#shared/contracts/customers/document-types.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { invalidField } from "#shared/errors.ts";
import { compact } from "#shared/folding.rules.ts";
import type { Stamp } from "./customers.rules.ts";

const both: DocumentType["kinds"] = ["person", "company"];

/** Code, English and Spanish name, and who has one. */
const firstOnes: [string, string, string, DocumentType["kinds"]][] = [
  ["CC", "Identity card", "Cédula de ciudadanía", ["person"]],
  ["CE", "Foreigner's card", "Cédula de extranjería", ["person"]],
  ["TI", "Minor's identity card", "Tarjeta de identidad", ["person"]],
  ["RC", "Birth certificate", "Registro civil", ["person"]],
  ["PA", "Passport", "Pasaporte", ["person"]],
  ["NIT", "Tax number (NIT)", "Número de identificación tributaria (NIT)", both],
  ["ID", "Identity document", "Documento de identidad", ["person"]],
  ["TAX", "Tax number", "Número de identificación fiscal", both],
  ["OTHER", "Other document", "Otro documento", both],
];

/** What there is at the very first start; without patterns, which differ from country to country. */
export const firstSet: readonly NewDocumentType[] = firstOnes.map(
  ([code, en, es, kinds], place) => ({
    code,
    names: { en, es },
    kinds,
    order: (place + 1) * 10,
    enabled: true,
  }),
);

/** How the codes of types are told apart: "cc" is "CC". */
export const codeKeyOf = (code: string): string => compact(code);

/** @throws 422 at `pattern` */
export function create(
  draft: NewDocumentType,
  { id, at, by }: Stamp & { id: string },
): DocumentType {
  const trail = { version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
  return clean({ id, ...draft, ...trail });
}

/**
 * A type after a change; a pattern of null is cleared.
 * @throws 422 at `pattern`
 */
export function change(
  current: DocumentType,
  changes: { [K in keyof DocumentType]?: DocumentType[K] | undefined },
  { at, by }: Stamp,
): DocumentType {
  const next = { ...current, ...changes } as DocumentType;
  return clean({ ...next, version: current.version + 1, updatedAt: at, updatedBy: by });
}

function clean({ pattern, ...type }: DocumentType): DocumentType {
  if (pattern) requireQuick(pattern);
  return { ...type, kinds: [...new Set(type.kinds)], ...(pattern ? { pattern } : {}) };
}

/** Each open count multiplies the ways to compare a number: more would take too long. */
const mostOpenCounts = 3;

function requireQuick(pattern: string): void {
  const open = pattern.match(/\?|\{\d+,\d+\}/g) ?? [];
  if (open.length > mostOpenCounts) {
    throw invalidField("pattern", `must have at most ${mostOpenCounts} counts that are open`);
  }
  try {
    expressionOf(pattern);
  } catch {
    throw invalidField("pattern", "has a set or a count that ends before it begins");
  }
}

const expressionOf = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, "u");

/**
 * Refuses a document that its type does not allow. A type that nobody configured allows all.
 * @throws 422 at `documentType` for a kind of customer that has none, or a type out of use; at
 *   `documentNumber` for a number of another form
 */
export function requireAllowed(customer: Customer, type: DocumentType | undefined): void {
  if (!type) return;
  if (!type.enabled) throw invalidField("documentType", "is a type that is out of use", "disabled");
  if (!type.kinds.includes(customer.kind)) {
    throw invalidField("documentType", `is not for a ${customer.kind}`, "kind");
  }
  const { pattern } = type;
  const number = compact(customer.documentNumber ?? "").toUpperCase();
  if (pattern && number && !expressionOf(pattern).test(number)) {
    throw invalidField("documentNumber", `must be like ${pattern}`, "pattern");
  }
}

/** Whether a change concerns the document: what was allowed once is not asked again. */
export const isDocumentChanged = (before: Customer, after: Customer): boolean =>
  (["kind", "documentType", "documentNumber"] as const).some(
    (name) => before[name] !== after[name],
  );
