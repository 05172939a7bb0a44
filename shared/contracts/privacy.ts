/** What services promise so that a person can be shown, and erased, everywhere (B08, P16). */
import { actions } from "../contract.ts";
import { id, list, record, type Received } from "../fields.ts";
import { Change } from "./common.ts";

/** Changes as their announcer keeps them, with personal values. */
export type PersonalChanges = Received<typeof PersonalChanges>;
export const PersonalChanges = { id, changes: list(record(Change), 500) };

/** For each service that announces events. */
export const announcerActions = actions({
  /** The changes of these events with their values; one that is not kept any more is left out. */
  personalChanges: {
    params: { eventIds: list(id, 500) },
    returns: list(record(PersonalChanges), 500),
  },
});
