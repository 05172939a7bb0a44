/**
 * Compares the senders' own log of acknowledged messages with what the system keeps in the end.
 * A process of its own: `node tests/faults/checker.ts <log file> <mongodb url> <namespace>`.
 */
import { readFileSync } from "node:fs";
import { eventsOf, type OutboxRow, type WaitingEvent } from "#shared/events/event.ts";
import { readKept } from "./kept.ts";
import type { Acknowledged } from "./senders.ts";

/** What is wrong; all empty when every promise was kept. */
export interface Verdict {
  acknowledged: number;
  interactions: number;
  cases: number;
  customers: number;
  events: number;
  lost: string[];
  doubled: string[];
  gaps: string[];
}

interface Interaction {
  _id: string;
  externalId: string;
  state: string;
  caseId?: string;
  seq?: number;
}

/** What the system keeps in the end. */
interface Kept {
  interactions: Interaction[];
  cases: { _id: string; customerId: string; interactionCount: number }[];
  customers: { _id: string; contactPoints: { value: string }[]; lastInteractionAt?: Date }[];
  outbox: OutboxRow[];
  /** The ids of the events that the change log has: all but the traffic, which customers hear. */
  logged: Id[];
}

interface Id {
  _id: string;
}

const read = (url: string, namespace: string): Promise<Kept> =>
  readKept(url, namespace, async (rows) => {
    const shown = { externalId: 1, state: 1, caseId: 1, seq: 1 } as const;
    const outboxes = ["channels", "cases", "customers"].map((service) =>
      rows<OutboxRow>(service, "outbox", { pending: 1, events: 1 }),
    );
    return {
      interactions: await rows("channels", "interactions", shown),
      cases: await rows("cases", "cases", { customerId: 1, interactionCount: 1 }),
      customers: await rows("customers", "customers", { contactPoints: 1, lastInteractionAt: 1 }),
      outbox: (await Promise.all(outboxes)).flat(),
      logged: await rows("audit", "changes", { _id: 1 }),
    };
  });

/** Reads the log and the databases, and says what was lost, doubled or left out (P1-P4). */
export async function check(logFile: string, url: string, namespace: string): Promise<Verdict> {
  const kept = await read(url, namespace);
  const { interactions, cases, customers, outbox } = kept;
  const log = readFileSync(logFile, "utf8").trimEnd().split("\n");
  const acknowledged = log.map((line) => JSON.parse(line) as Acknowledged);
  return {
    acknowledged: acknowledged.length,
    interactions: interactions.length,
    cases: cases.length,
    customers: customers.length,
    events: outbox.flatMap(({ events }) => events).length,
    lost: [...lostMessages(acknowledged, interactions), ...lostEvents(kept)],
    doubled: [
      ...doubles("external id", interactions, ({ externalId }) => externalId),
      ...doubles("case of one customer", cases, ({ customerId }) => customerId),
      ...doubles("customer", customers, ({ contactPoints }) => contactPoints[0]?.value ?? ""),
      ...splitAnswers(acknowledged),
    ],
    gaps: gaps(interactions, cases),
  };
}

function lostMessages(acknowledged: Acknowledged[], interactions: Interaction[]): string[] {
  const kept = new Map(interactions.map((one) => [one._id, one]));
  return acknowledged.flatMap(({ externalId, interactionId, caseId }) => {
    const found = kept.get(interactionId);
    if (!found) return [`${externalId} is gone`];
    if (found.state !== "filed") return [`${externalId} is ${found.state}`];
    return caseId && caseId !== found.caseId ? [`${externalId} is in another case than told`] : [];
  });
}

/** Whether every event has been published and has had its effect. */
export const allTakenIn = async (url: string, namespace: string): Promise<boolean> =>
  lostEvents(await read(url, namespace)).length === 0;

function lostEvents({ outbox, logged, customers }: Kept): string[] {
  const known = new Set(logged.map(({ _id }) => _id));
  const heard = new Map(customers.map((one) => [one._id, one.lastInteractionAt ?? new Date(0)]));
  const hasEffect = ({ id, name, data, at }: WaitingEvent): boolean =>
    name === "interactions.received"
      ? at <= (heard.get((data as { customerId: string }).customerId) ?? new Date(0))
      : known.has(id);
  return outbox.flatMap((row) => [
    ...(row.pending ? [`${row._id} was never published`] : []),
    ...eventsOf(row).flatMap((event) =>
      hasEffect(event) ? [] : [`event ${event.id} was never taken in`],
    ),
  ]);
}

function doubles<T>(what: string, rows: T[], keyOf: (row: T) => string): string[] {
  const seen = new Map<string, number>();
  for (const row of rows) seen.set(keyOf(row), (seen.get(keyOf(row)) ?? 0) + 1);
  return [...seen].flatMap(([key, count]) =>
    count > 1 ? [`${what} ${key}: ${String(count)}`] : [],
  );
}

/** One message was answered with two interactions, or with two cases. */
function splitAnswers(acknowledged: Acknowledged[]): string[] {
  const first = new Map<string, Acknowledged>();
  return acknowledged.flatMap((one) => {
    const before = first.get(one.externalId) ?? one;
    first.set(one.externalId, { ...before, ...(one.caseId ? { caseId: one.caseId } : {}) });
    const split =
      before.interactionId !== one.interactionId ||
      (before.caseId && one.caseId && before.caseId !== one.caseId);
    return split ? [`${one.externalId} was answered in two ways`] : [];
  });
}

function gaps(
  interactions: Interaction[],
  cases: { _id: string; interactionCount: number }[],
): string[] {
  const byCase = new Map<string, number[]>();
  for (const { caseId, seq } of interactions) {
    if (caseId) byCase.set(caseId, [...(byCase.get(caseId) ?? []), seq ?? 0]);
  }
  return cases.flatMap(({ _id, interactionCount }) => {
    const seqs = (byCase.get(_id) ?? []).sort((a, b) => a - b);
    const dense = seqs.length === interactionCount && seqs.every((seq, index) => seq === index + 1);
    return dense ? [] : [`case ${_id} counts ${String(interactionCount)}, has ${seqs.join(",")}`];
  });
}

if (import.meta.main) {
  const [logFile = "", url = "", namespace = ""] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await check(logFile, url, namespace)));
}
