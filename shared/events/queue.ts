/** What waits in an outbox, as its relay sees it: the next rows, and those it has seen off. */
import { LRUCache } from "lru-cache";
import type { ServiceName } from "../bus.ts";
import { mostInBatch } from "./atomic.ts";
import { eventsOf, type OutboxRow } from "./event.ts";
import { markPublished, pendingRows } from "./outbox.ts";

export interface Queue {
  /** The rows to publish next, oldest first, and whether others wait behind them. */
  first(): Promise<{ rows: OutboxRow[]; more: boolean }>;
  /** Marks those of the rows of which every event is published. */
  published(rows: OutboxRow[], eventIds: ReadonlySet<string>): Promise<void>;
}

/** Rows that are looked at together. */
const mostRows = 200;
/** A row that still waits so long after its mark has lost it, and is published once more. */
const markedMs = 10_000;

export function openQueue(service: ServiceName): Queue {
  /** What is read next may be a moment older than the mark. */
  const marked = new LRUCache<string, true>({ max: 10_000, ttl: markedMs });
  return {
    async first() {
      const waiting = await pendingRows(service, mostRows);
      const open = waiting.filter(({ _id }) => !marked.has(_id));
      const rows = fitting(open);
      return { rows, more: rows.length < open.length || waiting.length === mostRows };
    },
    async published(rows, eventIds) {
      const whole = rows.filter((row) => eventsOf(row).every(({ id }) => eventIds.has(id)));
      const ids = whole.map(({ _id }) => _id);
      await markPublished(service, ids);
      for (const id of ids) marked.set(id, true);
    },
  };
}

/** The first rows, as many as one batch may hold events of; one at least. */
function fitting(rows: OutboxRow[]): OutboxRow[] {
  let events = 0;
  return rows.filter((row, place) => (events += row.events.length) <= mostInBatch || place === 0);
}
