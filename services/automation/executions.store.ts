/** Where the rules log is kept, each execution under what it came of, and driven to its end. */
import { createHash } from "node:crypto";
import type { ClientSession, Filter } from "mongodb";
import { RuleExecution } from "#shared/contracts/automation/executions.ts";
import { id, instant, optional, whole, type Received } from "#shared/fields.ts";
import { findPage, longestMs, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";

type KeptExecution = Received<typeof KeptExecution>;
const KeptExecution = {
  ...RuleExecution,
  id,
  /** When it goes on, while it is running. */
  dueAt: optional(instant),
  tried: whole(0, 1_000_000),
  keptUntil: instant,
};
type Row = Kept<KeptExecution>;

const newest = { at: -1, _id: -1 } as const;

const executions = collection("automation", "executions", KeptExecution, [
  { key: { caseId: 1, ...newest } },
  { key: { ruleId: 1, ...newest } },
  { key: { dueAt: 1 }, partialFilterExpression: { dueAt: { $exists: true } } },
  { key: { keptUntil: 1 }, expireAfterSeconds: 0 },
]);

const executionOf = (row: Row): RuleExecution => {
  const { dueAt: _due, tried: _tried, keptUntil: _until, ...shown } = entityOf<KeptExecution>(row);
  return shown;
};

/** The id of what comes of a rule and of what set it off: the same for the same. */
export const idOf = (ruleId: string, ...cause: string[]): string =>
  createHash("sha256")
    .update([ruleId, ...cause].join("\n"))
    .digest("base64url");

/**
 * Keeps an execution, to be driven on from `dueAt`; one that is there already stays as it is.
 * @returns false where it was there
 */
export async function add(
  execution: RuleExecution,
  { dueAt, keptUntil }: { dueAt: Date; keptUntil: Date },
): Promise<boolean> {
  const row: Row = { ...keptOf(execution), tried: 0, keptUntil };
  try {
    await executions.native().insertOne(execution.state === "running" ? { ...row, dueAt } : row);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

export async function find(executionId: string): Promise<RuleExecution | undefined> {
  const row = await executions.native().findOne({ _id: executionId });
  return row ? executionOf(row) : undefined;
}

/** Those of the ids that are there. */
export async function known(ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await executions
    .native()
    .find({ _id: { $in: [...ids] } }, { projection: { _id: 1 } })
    .toArray();
  return new Set(rows.map(({ _id }) => _id));
}

/** Those that are to go on by now, the first one first. */
export async function due(now: Date, limit: number): Promise<RuleExecution[]> {
  const rows = await executions
    .native()
    .find({ dueAt: { $lte: now } }, { maxTimeMS: longestMs })
    .sort({ dueAt: 1 })
    .limit(limit)
    .toArray();
  return rows.map(executionOf);
}

/** How often a rule acted on a case since then; of more than `most`, as many. */
export const countSince = (
  { ruleId, caseId }: { ruleId: string; caseId: string },
  since: Date,
  most: number,
): Promise<number> =>
  executions
    .native()
    .countDocuments(
      { caseId, at: { $gt: since }, ruleId, state: { $ne: "held" } },
      { limit: most, maxTimeMS: longestMs },
    );

/**
 * Keeps what became of an action that is pending, in the caller's transaction.
 * @returns false where somebody else has kept it meanwhile
 */
export async function settle(
  { id: executionId, actions }: Pick<RuleExecution, "id" | "actions">,
  place: number,
  outcome: object,
  session: ClientSession,
): Promise<boolean> {
  const path = `actions.${String(place)}`;
  const isLast = actions.every(({ state }, other) => other === place || state !== "pending");
  const said = Object.fromEntries(
    Object.entries(outcome).map(([name, value]) => [`${path}.${name}`, value as unknown]),
  );
  const { matchedCount } = await executions.native().updateOne(
    { _id: executionId, [`${path}.state`]: "pending" },
    {
      $set: { ...said, tried: 0, ...(isLast ? { state: "done" as const } : {}) },
      ...(isLast ? { $unset: { dueAt: "" as const } } : {}),
    },
    { session },
  );
  return matchedCount > 0;
}

/** Nothing is left to be done. */
export const finish = (executionId: string) =>
  executions
    .native()
    .updateOne({ _id: executionId }, { $set: { state: "done" }, $unset: { dueAt: "" } });

/** Lets an execution go on later; answers how often its next action was tried in vain. */
export async function postpone(executionId: string, dueAt: Date): Promise<number> {
  const row = await executions
    .native()
    .findOneAndUpdate(
      { _id: executionId, dueAt: { $exists: true } },
      { $set: { dueAt }, $inc: { tried: 1 } },
      { returnDocument: "after" },
    );
  return row?.tried ?? 0;
}

interface Search {
  from?: Date;
  to?: Date;
  limit: number;
  cursor?: string;
  count?: boolean;
}

/** Executions about cases, or of a rule, newest first. */
export async function page(
  of: { caseIds: string[] } | { ruleId: string },
  { from, to, ...paging }: Search,
): Promise<Page<RuleExecution>> {
  const range =
    from || to ? { at: { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) } } : {};
  const about = "caseIds" in of ? { caseId: { $in: of.caseIds } } : of;
  const sort = [
    ["at", -1],
    ["_id", -1],
  ] as const;
  const filter: Filter<Row> = { ...about, ...range };
  const found = await findPage(executions.native(), { filter, sort, ...paging });
  return { ...found, items: found.items.map(executionOf) };
}
