/** Who is told what of an event: what somebody did to their own case nobody is told. */
import type { EventName, Payload } from "#shared/bus.ts";
import type { Notification } from "#shared/contracts/notifications.ts";

/** What is needed of an event. */
interface Told<E extends EventName> {
  id: string;
  at: Date;
  actor: { id: string };
  data: Payload<E>;
}

/** What a user is told; its id is the event's, so that twice is as once. */
export type Notice = Omit<Notification, "caseNumber" | "readAt"> & { userId: string };

/** By the strategy, or as the customer's assigned user; who took the case knows (F121, F230). */
export function ofAssigned({ id, at, actor, data }: Told<"cases.assigned">): Notice[] {
  const { assigneeId: userId, how } = data;
  if (!userId || how === "take" || userId === actor.id) return [];
  return [{ id, kind: "caseAssigned", userId, caseId: data.id, at }];
}

/** The one who gets the case, wherever it went (F087, F231). */
export function ofTransferred({ id, at, actor, data }: Told<"cases.transferred">): Notice[] {
  const { assigneeId: userId } = data;
  if (!userId || userId === actor.id) return [];
  return [{ id, kind: "caseTransferred", userId, caseId: data.id, at }];
}

/** The one who has to take the next action (F175, F232). */
export function ofReminder({ id, at, data }: Told<"cases.reminderDue">): Notice[] {
  const { userId, activityId, dueAt } = data;
  return [{ id, kind: "reminderDue", userId, caseId: data.id, activityId, dueAt, at }];
}

/** What a business rule tells a user (G12). */
export function ofRule({ id, at, data }: Told<"automation.notified">): Notice[] {
  const { userId, caseId, message } = data;
  return [{ id, kind: "ruleNotice", userId, caseId, message, at }];
}

/** The e-mails that business rules want sent, each under its event's id. */
export const ofMailRequest = ({ id, at, data }: Told<"automation.mailRequested">) => {
  const { userId, caseId, executionId, place } = data;
  return { id, at, userId, caseId, executionId, place };
};

/** An e-mail that comes later than this after what it tells of is worth nothing to anybody. */
const mailedWithinMs = 24 * 3_600_000;

export const isFresh = ({ at }: { at: Date }, now: Date): boolean =>
  now.getTime() - at.getTime() < mailedWithinMs;

/** Those that an e-mail tells of as well, where the campaign wants that (F231). */
export const mailedOf = (notices: readonly Notice[], now: Date): Notice[] =>
  notices.filter((notice) => notice.kind === "caseTransferred" && isFresh(notice, now));
