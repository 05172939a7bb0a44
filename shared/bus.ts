/** Moleculer's broker and context, seen through our contracts. Types only: nothing here runs. */
import type { CallingOptions, Context, ServiceBroker } from "moleculer";
import type { Actor } from "./contracts/common.ts";
import type { contracts } from "./contracts/index.ts";
import type { Field, Received, Sent } from "./fields.ts";

export type Contracts = typeof contracts;
/** Every name that owns events; all but `interactions` are services too. */
type ContractName = keyof Contracts;
export type ServiceName = Exclude<ContractName, "interactions">;

/** "cases.create" | "cases.file" | … */
export type ActionName<S extends ContractName = ContractName> = FullName<"actions", S>;
/** "cases.created" | "interactions.received" | … */
export type EventName<S extends ContractName = ContractName> = FullName<"events", S>;

type FullName<Kind extends "actions" | "events", S extends ContractName> = {
  [Service in S]: `${Service}.${keyof Contracts[Service][Kind] & string}`;
}[S];

type Find<
  Kind extends "actions" | "events",
  Name,
> = Name extends `${infer S extends ContractName}.${infer Member}`
  ? Contracts[S][Kind][Member & keyof Contracts[S][Kind]]
  : never;

/** What a service may announce: its own events, and channels those of interactions too. */
export type Announced<S extends ServiceName> = EventName<
  S extends "channels" ? "channels" | "interactions" : S
>;

// ── What travels ─────────────────────────────────────────────────────────────

type Params<A> = A extends { params: infer P } ? P : Record<never, never>;

/** What the handler of action `A` receives, and what it must answer. */
export type Request<A> = Received<Params<A>>;
export type Result<A> = A extends { returns: Field<unknown, infer R> } ? R : unknown;

/** What an announcer of event `E` says, and what its listeners receive. */
export type Said<E extends EventName> = Sent<Find<"events", E>>;
export type Payload<E extends EventName> = Received<Find<"events", E>>;

/** The answer of an action, by its full name. */
export type Answer<N extends ActionName> = Result<Find<"actions", N>>;

// ── Who speaks ───────────────────────────────────────────────────────────────

type Args<P> =
  Record<never, never> extends P
    ? [params?: P, options?: CallingOptions]
    : [params: P, options?: CallingOptions];

export interface Caller {
  call<N extends ActionName>(
    action: N,
    ...args: Args<Sent<Params<Find<"actions", N>>>>
  ): Promise<Answer<N>>;
}

/** What accompanies a request through every call that it causes. */
export interface Meta {
  actor?: Actor;
  requestId?: string;
  /** The caller's idempotency key, made unique: the same command takes effect once (B01). */
  commandId?: string;
  /** The network address that the request came from, as the gateway saw it. */
  address?: string;
}

type Untyped = "call" | "mcall" | "emit" | "broadcast";

export type Broker = Omit<ServiceBroker, Untyped> & Caller;
export type Ctx<P = unknown> = Omit<Context<P, Meta>, Untyped> & Caller;
