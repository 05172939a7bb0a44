/** What of an event belongs into the change log. */
import type { EventName } from "#shared/bus.ts";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import type { Actor, Change } from "#shared/contracts/common.ts";
import { erased } from "#shared/personal.rules.ts";

/** What the log takes of a domain event. */
export interface Told {
  id: string;
  name: string;
  aggregate: { kind: string; id: string; version: number };
  actor: Pick<Actor, "kind" | "id" | "name">;
  cause?: string;
  changes: Change[];
  data: unknown;
  at: Date;
}

/**
 * What is left out of the log. A message or call changes nothing but the conversation, which is
 * itself the record of it: its event would make the log as long as the traffic. How far an outgoing one
 * came stands there, too; that it was sent by a user, and what went wrong, is in the log. What it does to a
 * case is told by the case. Services that follow a merge of customers say so to one another; what
 * the merge did is told by the customers and their cases. Who enters and leaves a case, and what an
 * agent does in between, are the agent's history; what a supervisor forces is an event of its own.
 * A reminder changes nothing, nor does what a rule tells users: the rules log has it.
 * All other events are kept, also those without changed fields: that it happened is the news.
 */
export const traffic: readonly EventName[] = [
  "interactions.received",
  "interactions.reported",
  "interactions.sent",
  "interactions.delivered",
  "interactions.read",
  "customers.strayed",
  "cases.customerMoved",
  "interactions.customerReplaced",
  "interactions.customerMoved",
  "files.customerMoved",
  "cases.entered",
  "cases.left",
  "cases.reminderDue",
  "automation.notified",
  "automation.mailRequested",
  "identity.disconnected",
  "identity.agentStateChanged",
];

/** The log's entry of an event. */
export function entryOf({ aggregate, actor, cause, data, ...event }: Told): ChangeEntry {
  const { caseId, mergeId } = saidIn(event.name, data);
  return {
    id: event.id,
    event: event.name,
    aggregate: aggregate.kind,
    aggregateId: aggregate.id,
    aggregateVersion: aggregate.version,
    actorKind: actor.kind,
    actorId: actor.id,
    ...(actor.name ? { actorName: actor.name } : {}),
    because: mergeId ? "merge" : actor.kind,
    ...(caseId && caseId !== aggregate.id ? { caseId } : {}),
    ...(cause ? { cause } : {}),
    changes: event.changes,
    at: event.at,
  };
}

/** How events say which case they are about, and because of which merge: those of cases by `id`. */
function saidIn(name: string, data: unknown) {
  const { id, caseId, mergeId } = (data ?? {}) as Record<string, unknown>;
  const own = name.startsWith("cases.") ? id : undefined;
  return { caseId: wordIn(caseId) ?? wordIn(own), mergeId: wordIn(mergeId) };
}

const wordIn = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** The users of whom these entries have no name. */
export const namelessIn = (entries: readonly ChangeEntry[]): string[] =>
  entries.filter(isNameless).map(({ actorId }) => actorId);

const isNameless = ({ actorKind, actorName }: ChangeEntry): boolean =>
  actorKind === "user" && actorName === undefined;

/** The entry with the name of its user, as it is now where the log has none (F116). */
export function named(entry: ChangeEntry, names: ReadonlyMap<string, string>): ChangeEntry {
  const actorName = isNameless(entry) ? names.get(entry.actorId) : undefined;
  return actorName ? { ...entry, actorName } : entry;
}

/** The entry without its personal values; undefined where it has none. */
export function blanked(entry: ChangeEntry): ChangeEntry | undefined {
  const { event, aggregate, changes } = entry;
  const left = erased({ name: event, aggregate: { kind: aggregate }, changes });
  const same = left.every((change, place) => change.erased === changes[place]?.erased);
  return same ? undefined : { ...entry, changes: left };
}
