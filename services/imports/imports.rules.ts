/** The life of an import, and what it counts (A26). Pure. */
import type { TakenCase } from "#shared/contracts/cases/imports.ts";
import type { TakenRecord } from "#shared/contracts/customers/imports.ts";
import type { Import, ImportCounts, ImportOptions } from "#shared/contracts/imports/import.ts";
import { conflict, invalidField, type Refusal } from "#shared/errors.ts";

/** Imports of one user that are not over. */
const mostUnfinished = 5;

export const nothing: ImportCounts = {
  ...{ rows: 0, valid: 0, rejected: 0 },
  ...{ customersCreated: 0, customersUpdated: 0, customersSkipped: 0 },
  ...{ accountsCreated: 0, accountsUpdated: 0, accountsDeleted: 0 },
  ...{ casesCreated: 0, casesClosed: 0 },
};

interface Stamp {
  at: Date;
  by: string;
}

/** An import as it begins: its dry run is to come. */
export const begun = (
  {
    options,
    ...facts
  }: Pick<Import, "id" | "campaignId" | "fileName" | "headings" | "suggestedMapping" | "options">,
  rows: number,
  { at, by }: Stamp,
): Import => ({
  ...facts,
  options,
  state: "checking",
  counts: { ...nothing, rows },
  progress: { phase: "checking", done: 0, total: rows },
  ...{ version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by },
});

const next = (one: Import, { at, by }: Stamp) => ({
  version: one.version + 1,
  updatedAt: at,
  updatedBy: by,
});

/** @throws 409 TOO_MANY_IMPORTS */
export function requireRoom(unfinished: number): void {
  if (unfinished < mostUnfinished) return;
  throw conflict("TOO_MANY_IMPORTS", "Some of your imports have to end first", {
    limit: mostUnfinished,
  });
}

/** @throws 409 IMPORT_NOT_CHECKED for one that somebody has cancelled a moment ago */
export function requireNotCancelled({ cancelRequested }: { cancelRequested?: boolean }): void {
  if (!cancelRequested) return;
  throw conflict("IMPORT_NOT_CHECKED", "The import is cancelled", { state: "cancelled" });
}

/**
 * An import with other options, to be checked again.
 * @throws 409 IMPORT_NOT_CHECKED unless it is checked, or refused for what options can change
 */
export function changed(one: Import, options: ImportOptions, stamp: Stamp): Import {
  if (one.state !== "checked" && one.state !== "refused") throw notChecked(one);
  const { confirmationToken: _token, fault: _fault, checkedAt: _at, ...rest } = one;
  const { rows } = one.counts;
  return {
    ...{ ...rest, ...next(one, stamp), options, state: "checking" },
    counts: { ...nothing, rows },
    progress: { phase: "checking", done: 0, total: rows },
  };
}

const notChecked = ({ state }: Import) =>
  conflict("IMPORT_NOT_CHECKED", `The import is ${state}: it has to be checked`, { state });

/**
 * An import that runs from now on.
 * @throws 409 IMPORT_NOT_CHECKED; 409 CONFIRMATION_NEEDED where it closes open cases and the token is
 *   not the one of its dry run (D15)
 */
export function started(one: Import, token: string | undefined, stamp: Stamp): Import {
  if (one.state !== "checked") throw notChecked(one);
  const { confirmationToken, counts } = one;
  if (confirmationToken && token !== confirmationToken) {
    throw conflict(
      "CONFIRMATION_NEEDED",
      `It closes ${String(counts.casesClosed)} open cases: send the token of the dry run`,
      { casesClosed: counts.casesClosed },
    );
  }
  const { confirmationToken: _used, ...rest } = one;
  const { rows, valid, rejected } = counts;
  return {
    ...{ ...rest, ...next(one, stamp), state: "running", startedAt: stamp.at, dryRun: counts },
    counts: { ...nothing, rows, valid, rejected },
    progress: {
      phase: one.options.closeOpenCases ? "closing" : "importing",
      done: 0,
      total: valid,
    },
  };
}

/** Options where some were changed. */
export function merged(
  before: ImportOptions,
  changes: { [K in keyof ImportOptions]?: ImportOptions[K] | undefined },
): ImportOptions {
  const said = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...before, ...(Object.fromEntries(said) as Partial<ImportOptions>) };
}

/** @throws 422 VALIDATION_ERROR at `options.mapping` */
export function requireSensible({ template, mapping }: ImportOptions): void {
  if (template === "platform" && mapping) {
    throw invalidField("mapping", "is only for a custom template", "exclusive");
  }
}

/** What records count, and the cases that were made for their rows. */
export function counted(
  counts: ImportCounts,
  taken: readonly TakenRecord[],
  cases: number,
): ImportCounts {
  const ofCustomers = (outcome: string) => taken.filter((one) => one.outcome === outcome).length;
  const ofAccounts = (outcome: string) =>
    taken.flatMap(({ accounts }) => accounts).filter((one) => one.outcome === outcome).length;
  return {
    ...counts,
    customersCreated: counts.customersCreated + ofCustomers("created"),
    customersUpdated: counts.customersUpdated + ofCustomers("updated"),
    customersSkipped: counts.customersSkipped + ofCustomers("skipped"),
    accountsCreated: counts.accountsCreated + ofAccounts("created"),
    accountsUpdated: counts.accountsUpdated + ofAccounts("updated"),
    accountsDeleted:
      counts.accountsDeleted + taken.reduce((all, one) => all + one.accountsDeleted, 0),
    casesCreated: counts.casesCreated + cases,
  };
}

/** How many of these were made. */
export const made = (cases: readonly TakenCase[]): number =>
  cases.filter(({ caseId }) => caseId !== undefined).length;

/** What an import, or a row, keeps of a refusal. */
export const faultOf = ({ type, message }: Pick<Refusal, "type" | "message">) => ({
  code: type.slice(0, 60),
  detail: message.slice(0, 500),
});
