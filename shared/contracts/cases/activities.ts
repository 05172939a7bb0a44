/** Activities on a case, and their next actions (F170-F175). */
import { id, instant } from "../../fields.ts";

export const activityEvents = {
  /** The next action that an activity names comes near: whoever has to take it is reminded, once (P13). */
  reminderDue: { id, activityId: id, userId: id, dueAt: instant },
};
