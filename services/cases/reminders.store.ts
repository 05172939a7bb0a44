/** Which next actions somebody is yet to be reminded of (F175); an index of its own tells. */
import type { ClientSession } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import { caseOf } from "./cases.store.ts";
import { cases, entries } from "./tables.store.ts";

/** Cases whose next action is not after this time and yet to be reminded of, the first first. */
export async function dueUntil(time: Date, limit: number): Promise<string[]> {
  const found = await cases
    .native()
    .find({ reminderFor: { $lte: time } })
    .sort({ reminderFor: 1 })
    .hint(entries.reminders)
    .limit(limit)
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  return found.map(({ _id }) => _id);
}

/** Takes the reminders of those of these cases that still have one due; answers the cases. */
export async function take(
  ids: readonly string[],
  time: Date,
  session: ClientSession,
): Promise<Case[]> {
  const due = { _id: { $in: [...ids] }, reminderFor: { $lte: time } };
  const found = await cases.native().find(due, { session }).toArray();
  if (found.length === 0) return [];
  const taken = { _id: { $in: found.map(({ _id }) => _id) } };
  await cases.native().updateMany(taken, { $unset: { reminderFor: "" } }, { session });
  return found.map(caseOf);
}
