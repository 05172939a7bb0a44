/** Which rows of a file belong together, and which of them contradict one another (D19). Pure. */
import type { RowFault } from "#shared/contracts/imports/import.ts";
import { compact } from "#shared/folding.rules.ts";
import { nameKey } from "#shared/names.rules.ts";

/** What of a row tells whose it is. */
export interface Told {
  row: number;
  documentType: string;
  documentNumber: string;
  accountNumber?: string | undefined;
  /** All that it says about the customer itself, by datum. */
  facts: ReadonlyMap<string, string>;
  characters: number;
}

type Keyed = Pick<Told, "row" | "documentType" | "documentNumber">;

interface Together {
  /** The first of the rows. */
  unit: number;
  facts: Map<string, { value: string; row: number }>;
  /** The row of each account; that of the customer alone under "". */
  accounts: Map<string, number>;
  characters: number;
}

/** As much as one customer may have in one file. */
const mostRows = 200;
const mostCharacters = 400_000;

/** Sorts the rows of a file as they come. */
export function sorting() {
  const customers = new Map<string, Together>();
  const togetherOf = (told: Keyed): Together => {
    const key = `${compact(told.documentType)}:${compact(told.documentNumber)}`;
    const known = customers.get(key) ?? begun(told.row);
    customers.set(key, known);
    return known;
  };

  return {
    /** To which customer's rows one belongs that is rejected for something else. */
    unitOf: (told: Keyed): number => togetherOf(told).unit,

    /** To which customer's rows this one belongs, by the first of them; and why it cannot. */
    place(told: Told): { unit: number; faults: RowFault[] } {
      const together = togetherOf(told);
      const faults = faultsOf(together, told);
      if (faults.length === 0) add(together, told);
      return { unit: together.unit, faults };
    },
  };
}

const begun = (unit: number): Together => ({
  ...{ unit, facts: new Map(), accounts: new Map(), characters: 0 },
});

const accountKey = ({ accountNumber }: Told): string => compact(accountNumber ?? "");

function faultsOf(together: Together, told: Told): RowFault[] {
  const twin = together.accounts.get(accountKey(told));
  if (twin !== undefined) return [duplicate(told, twin)];
  const { size } = together.accounts;
  if (size >= mostRows || together.characters + told.characters > mostCharacters) {
    return [{ field: "documentNumber", message: "has too many rows in one file", code: "tooMany" }];
  }
  return [...told.facts].flatMap(([field, value]): RowFault[] => {
    const before = together.facts.get(field);
    return !before || nameKey(before.value) === nameKey(value)
      ? []
      : [contradiction(field, value, before.row)];
  });
}

const duplicate = ({ row, accountNumber, documentNumber }: Told, otherRow: number): RowFault => ({
  field: accountNumber ? "accountNumber" : "documentNumber",
  value: (accountNumber ?? documentNumber).slice(0, 100),
  message: `rows ${String(otherRow)} and ${String(row)} are about the same`,
  code: "duplicate",
  otherRow,
});

const contradiction = (field: string, value: string, otherRow: number): RowFault => ({
  field,
  value: value.slice(0, 100),
  message: `differs from row ${String(otherRow)}, which is about the same customer`,
  code: "contradiction",
  otherRow,
});

function add(together: Together, told: Told): void {
  together.accounts.set(accountKey(told), told.row);
  together.characters += told.characters;
  for (const [field, value] of told.facts) {
    if (!together.facts.has(field)) together.facts.set(field, { value, row: told.row });
  }
}
