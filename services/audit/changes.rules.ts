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
  at: Date;
}

/**
 * What is left out of the log. An incoming message changes nothing but the conversation, which is
 * itself the record of it: its event would make the log as long as the traffic. What it does to a
 * case is told by the case. Services that follow a merge of customers say so to one another; what
 * the merge did is told by the customers and their cases. Who enters and leaves a case, and what an
 * agent does in between, are the agent's history; what a supervisor forces is an event of its own.
 * A reminder changes nothing.
 * All other events are kept, also those without changed fields: that it happened is the news.
 */
export const traffic: readonly EventName[] = [
  "interactions.received",
  "customers.strayed",
  "cases.customerMoved",
  "interactions.customerReplaced",
  "interactions.customerMoved",
  "files.customerMoved",
  "cases.entered",
  "cases.left",
  "cases.reminderDue",
  "identity.disconnected",
  "identity.agentStateChanged",
];

/** The log's entry of an event. */
export const entryOf = ({ id, name, aggregate, actor, cause, changes, at }: Told): ChangeEntry => ({
  id,
  event: name,
  aggregate: aggregate.kind,
  aggregateId: aggregate.id,
  aggregateVersion: aggregate.version,
  actorKind: actor.kind,
  actorId: actor.id,
  ...(actor.name ? { actorName: actor.name } : {}),
  ...(cause ? { cause } : {}),
  changes,
  at,
});

/** The entry without its personal values; undefined where it has none. */
export function blanked(entry: ChangeEntry): ChangeEntry | undefined {
  const { event, aggregate, changes } = entry;
  const left = erased({ name: event, aggregate: { kind: aggregate }, changes });
  const same = left.every((change, place) => change.erased === changes[place]?.erased);
  return same ? undefined : { ...entry, changes: left };
}
