/** What those who attend to a case keep with it, and see of one another. */
import { draftActions } from "./drafts.ts";
import { noteActions } from "./notes.ts";
import { watchingActions, watchingDoors } from "./watching.ts";

export { Note, noteEvents } from "./notes.ts";

export const attendingActions = { ...noteActions, ...draftActions, ...watchingActions };
export const attendingDoors = { ...watchingDoors };
