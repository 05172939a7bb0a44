/** Of which next actions somebody is yet to be reminded (F175). Pure. */
import type { Case } from "#shared/contracts/cases.ts";

/**
 * What a change of a case does to the reminder of its next action: null takes it away, nothing
 * leaves it as it is. Whoever gets the case is reminded, also of what others were reminded of; of
 * what was past when it was planned, or given to somebody, nobody is.
 */
export function reminderAfter(before: Case, after: Case): { reminderFor?: Date | null } {
  const isSame =
    before.nextActionAt?.getTime() === after.nextActionAt?.getTime() &&
    before.assigneeId === after.assigneeId &&
    (before.status === "closed") === (after.status === "closed");
  return isSame ? {} : { reminderFor: outstanding(after) };
}

const outstanding = ({ status, assigneeId, nextActionAt, updatedAt }: Case): Date | null =>
  status !== "closed" && assigneeId && nextActionAt && nextActionAt > updatedAt
    ? nextActionAt
    : null;
