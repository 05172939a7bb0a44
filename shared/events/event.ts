/** A domain event as it is kept in the outbox and travels the stream. */
import type { EventName, Payload } from "../bus.ts";
import type { Actor, Change } from "../contracts/common.ts";

/** What changed, about which aggregate, by whom and why; on the stream without personal values. */
export interface DomainEvent<E extends EventName = EventName> {
  /** Begins with a UUIDv7; the stream's message id. */
  id: string;
  name: E;
  aggregate: { kind: string; id: string; version: number };
  /** Events of one key are handled in order: the case, or else the aggregate. */
  key: string;
  actor: Pick<Actor, "kind" | "id" | "name">;
  /** The request that caused it. */
  cause?: string;
  changes: Change[];
  data: Payload<E>;
  at: Date;
}

/** An event that nobody has heard of yet; its place in the outbox gives it an id. */
export type UnsentEvent = Omit<DomainEvent, "id" | "data"> & { data: unknown };

/** An outbox row: events that were announced together, and whether they still wait to be published. */
export interface OutboxRow {
  _id: string;
  events: UnsentEvent[];
  /** The aggregates about which it holds personal values, which do not leave with the events. */
  personalOf?: string[];
  pending?: true;
  publishedAt?: Date;
}

/** An event on its way from the outbox to the stream. */
export type WaitingEvent = UnsentEvent & { id: string };

/** The events of a row with their ids: that of the row, and where they are many their place in it. */
export const eventsOf = ({ _id, events }: OutboxRow): WaitingEvent[] =>
  events.map((event, place) => ({ ...event, id: place === 0 ? _id : `${_id}-${String(place)}` }));

/** The row that an event lies in: its id is a UUID, and that of the event begins with it. */
export const rowIdOf = (eventId: string): string => eventId.slice(0, 36);
