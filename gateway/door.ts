/**
 * A door answers a route where a plain call cannot: it turns what the outside sends into calls of
 * actions, and their answers into what the outside gets.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Caller, Contracts } from "#shared/bus.ts";
import type { Actor } from "#shared/contracts/common.ts";

/** A request as a door gets it: read, checked by the contract, and allowed. */
interface DoorRequest {
  /** Path parameters with the query or the body, as the contract's `accepts ?? params` has them. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The body as it came, where the contract `consumes` another media type than JSON. */
  readonly body?: Buffer;
  /** The body as it comes, where the contract has it `streamed`. */
  readonly stream?: Readable;
  readonly headers: IncomingHttpHeaders;
  /** The path without the query, such as `/api/v1/files/0190…`. */
  readonly path: string;
  readonly requestId: string;
  /** Missing only where the contract needs nobody. */
  readonly actor?: Actor;
}

/** What a door answers; a status left out follows from the contract. */
export interface DoorAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a stream or bytes (say their `content-type` in the headers). */
  readonly body?: Readable | Buffer | object | undefined;
}

/**
 * Calls actions as the one who asks: the meta (actor, request, command) and what is left of the
 * request's time go along; options add to that (`stream`) or replace it (`timeout`).
 */
export type Call = Caller["call"];

/** One message of a stream. */
export interface LiveEvent {
  /** What kind it is, such as `presence`. */
  readonly name: string;
  /** Where a listener goes on after a break, as `Last-Event-ID` brings it back. */
  readonly id?: string;
  readonly data: unknown;
}

/** What a stream is about. */
export interface LiveSource {
  /** Hints of this topic (`shared/hints.ts`) make the stream look at once. */
  readonly topic: string;
  /**
   * What is to be told since it looked last. Asked before the stream begins, where a refusal answers
   * the request; then by hints and every few seconds, because hints may be lost, where a refusal
   * ends the stream. Asks as who listens, with the rights of that moment; answers a bounded list.
   */
  look(call: Call): Promise<readonly LiveEvent[]>;
  /** When there will be something to tell without a hint, as the last look found. */
  due?(): Date | undefined;
  /** The stream is over, whoever ended it. */
  leave?(call: Call): Promise<void>;
}

/** Answers with a stream of server-sent events: what the source has to tell, as it happens. */
export type Listen = (source: LiveSource) => Promise<DoorAnswer>;

/** Refusals that it throws are answered as problem documents. */
export type Door = (request: DoorRequest, call: Call, listen: Listen) => Promise<DoorAnswer>;

/** Members of a contract whose route a plain call cannot answer. */
type Special<Actions> = {
  [A in keyof Actions]: Actions[A] extends
    | { rest: string; accepts: object }
    | { rest: string; produces: string }
    | { rest: string; consumes: string }
    ? A & string
    : never;
}[keyof Actions];

/** Every route that needs a door: "channels.receive" | "channels.receiveBatch" | … */
export type DoorName = {
  [S in keyof Contracts]: `${S}.${
    | Special<Contracts[S]["actions"]>
    | (Contracts[S] extends { doors: infer D } ? keyof D & string : never)}`;
}[keyof Contracts];
