/**
 * The dry run: every row is read, those of one customer are put together, and customers is asked
 * what it would make of them (F213, D25, B03). It writes nothing but rows, and is done again from the
 * beginning where it breaks off.
 */
import { randomBytes } from "node:crypto";
import type { Caller, Meta } from "#shared/bus.ts";
import type { TakenRecord } from "#shared/contracts/customers/imports.ts";
import type { ImportCounts } from "#shared/contracts/imports/import.ts";
import { usersOf } from "./campaigns.ts";
import type { Reading } from "./drafts.ts";
import * as rules from "./imports.rules.ts";
import * as store from "./imports.store.ts";
import { judgeRows, withColumn } from "./judging.ts";
import { columnsOf, missingIn } from "./mapping.rules.ts";
import * as rowStore from "./rows.store.ts";
import type { KeptImport } from "./tables.store.ts";
import { faultsOf, take, unitsOf, type Unit } from "./taking.ts";

type OnBehalf = Caller & { meta: Meta };

/** Rows whose customers are asked for at once. */
export const unitsAtOnce = 100;
/** As many as one job closes. */
const mostClosed = 20_000;

/** How the rows of an import are read, as its campaign is now. */
export async function readingOf(caller: Caller, one: KeptImport): Promise<Reading> {
  const { headings, options, campaignId } = one;
  const columns = columnsOf(headings, options);
  if (!options.assignAccounts || !columns.fields.has("assignedUser")) {
    return { headings, columns, options, users: new Map() };
  }
  const campaign = await caller.call("campaigns.describe", { id: campaignId });
  return { headings, columns, options, users: await usersOf(caller, campaign) };
}

/** Checks an import, and keeps what it would do. */
export async function check(caller: OnBehalf, one: KeptImport, given: AbortSignal): Promise<void> {
  const reading = await readingOf(caller, one);
  const missing = missingIn(reading.columns, one.options);
  if (missing.length > 0) {
    const detail = "The workbook has no column for what every row must have";
    await refuse(one, { code: "COLUMNS_MISSING", detail, missing }, one.counts);
    return;
  }
  const { rows } = one.counts;
  const sorted = await judgeRows(one, reading, given);
  const counts = await tryUnits(caller, one, reading, { ...rules.nothing, rows, ...sorted }, given);
  if (given.aborted) return;
  const checkedAt = new Date();
  const closing = await closable(caller, one, checkedAt);
  const fault = faultIn(one, counts, closing);
  await (fault
    ? refuse(one, fault, counts)
    : accept(one, { ...counts, casesClosed: closing ?? 0 }, { checkedAt, closing }));
}

function faultIn(
  { options }: KeptImport,
  { rejected }: ImportCounts,
  closing: number | undefined,
): KeptImport["fault"] {
  if (options.mode === "atomic" && rejected > 0) {
    const detail = `${String(rejected)} rows are rejected, and all or none are to be imported`;
    return { code: "ROWS_REJECTED", detail };
  }
  if (closing === undefined || closing <= mostClosed) return undefined;
  const detail = `More than ${String(mostClosed)} open cases are to be closed: close some by hand`;
  return { code: "TOO_MANY_OPEN_CASES", detail };
}

const refuse = (
  one: KeptImport,
  fault: NonNullable<KeptImport["fault"]>,
  counts: ImportCounts,
): Promise<void> => {
  const progress = { phase: "over", done: counts.rows, total: counts.rows } as const;
  const refused = { state: "refused", fault, counts, progress, checkedAt: new Date() } as const;
  return store.advance(one, refused, { without: ["dueAt", "confirmationToken"] });
};

/** Who runs it has to show that the number of cases to be closed was read (D15). */
const accept = (
  one: KeptImport,
  counts: ImportCounts,
  { checkedAt, closing }: { checkedAt: Date; closing: number | undefined },
): Promise<void> => {
  const token =
    closing === undefined ? {} : { confirmationToken: randomBytes(24).toString("base64url") };
  const progress = { phase: "over", done: counts.rows, total: counts.rows } as const;
  const checked = { state: "checked", checkedAt, tried: 0, counts, progress, ...token } as const;
  return store.advance(one, checked, {
    without: ["dueAt", ...(closing === undefined ? (["confirmationToken"] as const) : [])],
  });
};

/** How many open cases it would close; undefined where it closes none by its options. */
async function closable(
  caller: Caller,
  { campaignId, options }: KeptImport,
  until: Date,
): Promise<number | undefined> {
  if (!options.closeOpenCases) return undefined;
  return (await caller.call("cases.countClosable", { campaignId, until })).count;
}

/** What customers would make of the valid rows. */
async function tryUnits(
  caller: Caller,
  one: KeptImport,
  reading: Reading,
  counts: ImportCounts,
  given: AbortSignal,
): Promise<ImportCounts> {
  let all = counts;
  let tried = 0;
  for (let after = 0; !given.aborted;) {
    const units = unitsOf(await rowStore.nextUnits(one.id, after, unitsAtOnce), reading);
    const last = units.at(-1);
    if (!last) break;
    const taken = await take(caller, one, units, { dryRun: true });
    const judged = judgedBy(taken, units, reading);
    await rowStore.judge(judged);
    const rejected = judged.filter(({ outcome }) => outcome === "rejected").length;
    const valid = units.reduce((sum, { rows }) => sum + rows.length, 0);
    const cases = one.options.createCases ? valid - rejected : 0;
    all = rules.counted(all, taken, cases);
    all = { ...all, valid: all.valid - rejected, rejected: all.rejected + rejected };
    after = last.key;
    tried += valid;
    const done = Math.floor((one.counts.rows + tried) / 2);
    await store.note(one, { phase: "checking", done, total: one.counts.rows });
  }
  return all;
}

/** What customers says of rows: the refusal of their customer, or which it is. */
function judgedBy(taken: readonly TakenRecord[], units: readonly Unit[], reading: Reading) {
  const records = new Map(taken.map((record) => [record.key, record]));
  return units.flatMap(({ key, rows }) => {
    const { refusal, customerId } = records.get(key) ?? {};
    if (!refusal && !customerId) return [];
    const errors = refusal ? { errors: faultsOf({ refusal }).map(withColumn(reading)) } : {};
    return rows.map(({ row: { id }, draft: { addresses } }) => ({
      ...{ id, unit: key, outcome: refusal ? ("rejected" as const) : ("valid" as const) },
      ...(customerId ? { customerId } : {}),
      ...(addresses.length > 0 ? { addresses } : {}),
      ...errors,
    }));
  });
}
