/** What events tell of a case's timeline. Pure. */
import type { Change } from "#shared/contracts/common.ts";
import type { Timeline } from "./facts.rules.ts";

interface Told {
  name: string;
  actor: { kind: string; id: string };
  changes: readonly Change[];
  data: unknown;
  at: Date;
}

const fieldOf: Readonly<Record<string, keyof Timeline>> = {
  open: "openedAt",
  transferred: "transferredAt",
  escalated: "escalatedAt",
};

/** The moments that an event is, of the case that it names by `id`. */
export function stepsOf({ name, actor, changes, data, at }: Told) {
  const by = actor.kind === "rule" ? { ruleId: actor.id } : {};
  const caseId = (data as { id: string }).id;
  if (name === "cases.activitySaved") {
    return [{ caseId, field: "lastActivityAt" as const, at, ...by }];
  }
  const status = changes.find(({ field }) => field === "status")?.new;
  const field = typeof status === "string" ? fieldOf[status] : undefined;
  return field ? [{ caseId, field, at, ...by }] : [];
}
