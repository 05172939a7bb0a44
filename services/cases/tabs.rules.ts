/** What a tab of a case shows, what its forms take, and what is found elsewhere (F202, F203). Pure. */
import type { Tab } from "#shared/contracts/campaigns/tabs.ts";
import type {
  CaseTab,
  FieldValue,
  FieldValues,
  KeptTabValues,
  TabValues,
} from "#shared/contracts/cases/tabs.ts";
import { conflict, notFound } from "#shared/errors.ts";
import type { Stamp } from "./life.rules.ts";

/** @throws 404 NOT_FOUND for a tab that the campaign of the case does not have */
export function requireTab(tabs: readonly Tab[], tabId: string): Tab {
  const found = tabs.find(({ id }) => id === tabId);
  if (!found) throw notFound("tab", tabId);
  return found;
}

const wrongKind = (message: string, { id, kind, keepsValues }: Tab) =>
  conflict("WRONG_KIND_OF_TAB", message, { tabId: id, kind, keepsValues });

/**
 * The fields of a tab that is filled in.
 * @throws 409 WRONG_KIND_OF_TAB
 */
export function requireForm(tab: Tab): NonNullable<Tab["fields"]> {
  if (tab.kind === "form" && tab.fields) return tab.fields;
  throw wrongKind("This tab is no form", tab);
}

/**
 * A tab that asks another system.
 * @throws 409 WRONG_KIND_OF_TAB
 */
export function requireIntegration(tab: Tab): Tab & Required<Pick<Tab, "address" | "findings">> {
  const { kind, address, findings } = tab;
  if (kind === "integration" && address && findings) return { ...tab, address, findings };
  throw wrongKind("This tab asks no other system", tab);
}

/** @throws 409 WRONG_KIND_OF_TAB for a tab of which a case keeps nothing */
export function requireKeeping(tab: Tab): void {
  if (!keeps(tab)) throw wrongKind("Of this tab no values are kept", tab);
}

const keeps = ({ kind, keepsValues }: Tab): boolean => kind === "form" || keepsValues;

/**
 * A tab as the case shows it. Where an integration asks is nobody's to see: it may hold a secret.
 * @param address where it leads, filled in
 */
export function shown(
  tab: Tab,
  address: string | undefined,
  kept: KeptTabValues | undefined,
): CaseTab {
  const { id, title, kind, keepsValues, fields, findings } = tab;
  const leads = kind === "link" || kind === "embed";
  return {
    ...{ id, title, kind, keepsValues },
    ...(leads && address !== undefined ? { address } : {}),
    ...(fields ? { fields } : {}),
    ...(findings ? { findings: findings.map(({ key, label }) => ({ key, label })) } : {}),
    ...(keeps(tab) ? valuesIn(kept) : {}),
  };
}

const valuesIn = (kept: KeptTabValues | undefined) => ({
  values: kept?.values ?? {},
  valuesVersion: kept?.version ?? 1,
});

/** What is kept of a tab before anything is. */
export const nothingKept = (
  id: string,
  { caseId, tabId }: { caseId: string; tabId: string },
  at: Date,
): KeptTabValues => ({ id, caseId, tabId, values: {}, version: 1, createdAt: at, updatedAt: at });

/** With other values; the same ones make no difference. */
export function withValues(
  before: KeptTabValues,
  values: FieldValues,
  { at, by }: Stamp,
): KeptTabValues {
  if (JSON.stringify(sorted(before.values ?? {})) === JSON.stringify(sorted(values))) return before;
  return {
    ...before,
    ...{ values, version: before.version + 1, updatedAt: at, updatedBy: by },
    ...(before.createdBy ? {} : { createdBy: by }),
  };
}

const sorted = (values: FieldValues): [string, FieldValue][] =>
  Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));

/** What is kept as it is answered. */
export function answered(tabId: string, kept: KeptTabValues | undefined): TabValues {
  if (!kept) return { tabId, values: {}, version: 1 };
  const { values = {}, version, updatedAt, updatedBy } = kept;
  return { tabId, values, version, updatedAt, ...(updatedBy ? { updatedBy } : {}) };
}

// ── What another system says ─────────────────────────────────────────────────

const mostCharacters = 2_000;

export interface Found {
  key: string;
  label: string;
  value?: string;
}

/** What is at the places of the findings in an answer; only what is a text, a number or yes or no. */
export const foundIn = (answer: unknown, findings: NonNullable<Tab["findings"]>): Found[] =>
  findings.map(({ key, label, path }) => {
    const value = asText(path.split(".").reduce(within, answer));
    return { key, label, ...(value === undefined ? {} : { value }) };
  });

const within = (held: unknown, name: string): unknown =>
  typeof held === "object" && held !== null && Object.hasOwn(held, name)
    ? (held as Record<string, unknown>)[name]
    : undefined;

const asText = (value: unknown): string | undefined =>
  ["string", "number", "boolean"].includes(typeof value)
    ? String(value).replaceAll("\0", "").toWellFormed().slice(0, mostCharacters).toWellFormed()
    : undefined;

/** The values of findings by their keys. */
export const valuesOf = (found: readonly Found[]): FieldValues =>
  Object.fromEntries(
    found.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])),
  );
