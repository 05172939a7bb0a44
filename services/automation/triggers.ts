/** What rules hear of: cases that are made, changed and worked on, and messages (G10). */
import type { DomainEvent } from "#shared/events/event.ts";
import type { EventName } from "#shared/bus.ts";
import type { TriggerEvent } from "#shared/contracts/automation/rules.ts";
import type { ActiveRule } from "./business-rules.rules.ts";
import * as businessRules from "./business-rules.store.ts";
import * as evaluations from "./evaluations.store.ts";
import { wakeRunner } from "./runner.ts";
import { stepsOf } from "./timelines.rules.ts";
import * as timelines from "./timelines.store.ts";

type Heard =
  | "cases.created"
  | "cases.changed"
  | "cases.assigned"
  | "cases.transferred"
  | "cases.escalated"
  | "cases.activitySaved"
  | "interactions.received";

/** The same twice is as once: what is to be judged is kept under the event's id. */
export const triggers = {
  "cases.created": hear("caseCreated"),
  "cases.changed": hear("caseUpdated"),
  "cases.assigned": hear("caseUpdated"),
  "cases.transferred": hear("caseUpdated"),
  "cases.escalated": hear("caseUpdated"),
  "cases.activitySaved": hear("activitySaved"),
  "interactions.received": hear("interactionReceived"),

  async "cases.closed"(events: DomainEvent<"cases.closed">[]) {
    await timelines.forget(events.map(({ data }) => data.id));
  },
} satisfies Partial<Record<EventName, unknown>>;

function hear(trigger: TriggerEvent) {
  return async (events: DomainEvent<Heard>[]): Promise<void> => {
    await timelines.note(events.flatMap(stepsOf));
    const rules = await businessRules.triggers([trigger]);
    if (rules.length === 0) return;
    const news = events.filter((event) => isHeard(event, rules));
    await evaluations.add(
      news.map((event) => newsOf(trigger, event)),
      new Date(),
    );
    if (news.length > 0) wakeRunner();
  };
}

/** A rule acts on what happens once it is enabled, not on what happened before. */
const isHeard = ({ at }: DomainEvent<Heard>, rules: readonly ActiveRule[]): boolean =>
  rules.some(({ activeSince }) => activeSince <= at);

function newsOf(
  trigger: TriggerEvent,
  { id, name, at, actor, cause, data }: DomainEvent<Heard>,
): evaluations.News {
  const {
    id: own,
    caseId = own,
    activityId,
  } = data as {
    id: string;
    caseId?: string;
    activityId?: string;
  };
  return {
    ...{ id, trigger, event: name, caseId, at },
    ...(activityId ? { activityId } : {}),
    ...(actor.kind === "rule" && cause ? { effectOf: cause } : {}),
  };
}
