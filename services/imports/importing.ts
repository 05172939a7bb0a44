/** Imports some rows: customers and accounts first, then their cases (F217-F223, P6). */
import type { Caller } from "#shared/bus.ts";
import type { ImportedCase, TakenCase } from "#shared/contracts/cases/imports.ts";
import type { TakenRecord } from "#shared/contracts/customers/imports.ts";
import { write } from "#shared/mongo/write.ts";
import { system } from "#shared/actor.ts";
import { readingOf, unitsAtOnce } from "./checking.ts";
import { withColumn } from "./judging.ts";
import * as rules from "./imports.rules.ts";
import * as store from "./imports.store.ts";
import * as rowStore from "./rows.store.ts";
import type { Reading } from "./drafts.ts";
import type { KeptImport, KeptRow } from "./tables.store.ts";
import { faultsOf, take, unitsOf, type Unit } from "./taking.ts";

/**
 * Imports the next rows, and keeps what became of them together with how far that is. Broken off
 * anywhere, the same rows are next, and what is made of them already is answered again.
 * @returns false where there are none left
 */
export async function importSome(caller: Caller, one: KeptImport): Promise<boolean> {
  const rows = await rowStore.nextUnits(one.id, 0, unitsAtOnce);
  if (rows.length === 0) return false;
  const reading = await readingOf(caller, one);
  const units = unitsOf(rows, reading);
  const unread = rows.filter((row) => row.outcome === "valid" && !isIn(units, row));
  const taken = await take(caller, one, units, { dryRun: false });
  const cases = one.options.createCases ? await casesFor(caller, one, units, taken) : [];

  const settled = [...settledOf(units, taken, cases, reading), ...unread.map(rejectedNow)];
  const rejected = settled.filter(({ outcome }) => outcome === "rejected").length;
  await write("imports", { meta: { actor: system } }, async ({ session }) => {
    await rowStore.settle(settled, session);
    const { valid, rejected: before } = one.counts;
    const counts = rules.counted(one.counts, taken, rules.made(cases));
    const { phase, done, total } = one.progress;
    await store.advance(
      one,
      {
        counts: { ...counts, valid: valid - rejected, rejected: before + rejected },
        progress: { phase, total, done: done + settled.length },
        ...{ dueAt: new Date(), tried: 0 },
      },
      { session },
    );
  });
  return true;
}

const isIn = (units: readonly Unit[], { id }: KeptRow): boolean =>
  units.some((unit) => unit.rows.some(({ row }) => row.id === id));

/** A row that was valid, and is not any more: such as one for a user who has left the campaign. */
const rejectedNow = ({ id }: KeptRow) => ({
  ...{ id, outcome: "rejected" as const },
  errors: [{ field: "row", message: "is not valid any more: check again", code: "invalid" }],
});

async function casesFor(
  caller: Caller,
  { id: importId, campaignId, options, fileName }: KeptImport,
  units: readonly Unit[],
  taken: readonly TakenRecord[],
): Promise<TakenCase[]> {
  const records = new Map(taken.map((record) => [record.key, record]));
  const items = units.flatMap(({ key, rows }): ImportedCase[] => {
    const { customerId, accounts = [], refusal } = records.get(key) ?? {};
    if (!customerId || refusal) return [];
    return rows.map(({ row: { row }, draft: { ownerId, subject, description } }) => {
      const accountId = accounts.find((account) => account.row === row)?.accountId;
      return {
        ...{ row, customerId },
        description: description ?? `${fileName}, ${String(row)}`,
        ...(accountId ? { accountId } : {}),
        ...(ownerId ? { assigneeId: ownerId } : {}),
        ...(subject ? { subject } : {}),
      };
    });
  });
  const all: TakenCase[] = [];
  for (let start = 0; start < items.length; start += casesAtOnce) {
    const some = items.slice(start, start + casesAtOnce);
    const asked = { importId, campaignId, priority: options.casePriority, items: some };
    all.push(...(await caller.call("cases.importCases", asked)));
  }
  return all;
}

const casesAtOnce = 200;

function settledOf(
  units: readonly Unit[],
  taken: readonly TakenRecord[],
  cases: readonly TakenCase[],
  reading: Reading,
) {
  const records = new Map(taken.map((record) => [record.key, record]));
  const byRow = new Map(cases.map((one) => [one.row, one]));
  return units.flatMap(({ key, rows }) =>
    rows.map(({ row: { id, row } }, place) => {
      const record = records.get(key);
      const kase = byRow.get(row);
      const refusal = record?.refusal ?? kase?.refusal;
      const known = { id, ...madeOf(record, row, { isFirst: place === 0 }) };
      if (refusal) {
        const errors = faultsOf({ refusal }).map(withColumn(reading));
        return { ...known, outcome: "rejected" as const, errors };
      }
      return { ...known, outcome: "done" as const, ...caseOf(kase) };
    }),
  );
}

const caseOf = (kase: TakenCase | undefined) =>
  said({ caseId: kase?.caseId, caseNumber: kase?.number });

/** What became of a row's customer, told at the first of its rows, and of its account. */
function madeOf(record: TakenRecord | undefined, row: number, { isFirst }: { isFirst: boolean }) {
  const { customerId, outcome, accounts = [] } = record ?? {};
  const account = accounts.find((one) => one.row === row);
  return said({
    ...{ customerId, customer: isFirst ? outcome : undefined },
    ...{ account: account?.outcome, accountId: account?.accountId },
  });
}

/** Without what is not said. */
const said = <T extends object>(all: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never;
