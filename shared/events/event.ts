/** A domain event as it is kept in the outbox and travels the stream. */
import type { EventName, Payload } from "../bus.ts";
import type { Actor, Change } from "../contracts/common.ts";

/** What changed, about which aggregate, by whom and why; on the stream without personal values. */
export interface DomainEvent<E extends EventName = EventName> {
  /** UUIDv7; the stream's message id. */
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

/** An outbox row: an event, and whether it still waits to be published. */
export type OutboxRow = Omit<DomainEvent, "id" | "data"> & {
  _id: string;
  data: unknown;
  /** Its changes hold personal values, which do not leave with it. */
  personal?: true;
  pending?: true;
  publishedAt?: Date;
};
