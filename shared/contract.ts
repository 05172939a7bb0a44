/** A contract is what a service promises the others: actions it answers, events it announces. */
import type { Permission } from "./contracts/access.ts";
import type { Field, Shape } from "./fields.ts";

interface Answerable {
  readonly params?: Shape;
  readonly returns?: Field<unknown>;
}

interface Internal extends Answerable {
  readonly rest?: never;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Reached from outside through the gateway, by those who hold the permission. */
interface Published extends Answerable {
  /** Method and path under /api/v1; `:name` stands for a parameter. */
  readonly rest: `${Method} /${string}`;
  /** `"nobody"`: public; `"anybody"`: whoever has signed in. */
  readonly needs: Permission | "anybody" | "nobody";
  /** One sentence for the documentation. */
  readonly says: string;
  /**
   * A write that two may make: takes `If-Match`, handed on as the parameter `version`. "required"
   * answers 428 without it; "checked" (a PUT that replaces a whole) only compares it when sent.
   */
  readonly guarded?: "required" | "checked";
  /** The success status; otherwise 201 for what POST makes, 204 without an answer, else 200. */
  readonly status?: number;
  /** Where the status depends on the answer: all it can be, and which it is. */
  readonly statuses?: readonly [number, ...number[]];
  readonly statusOf?: (answer: never) => number;
  /** What the outside sends where it differs from `params`; a doorway in the gateway translates. */
  readonly accepts?: Shape;
  /** The media type of the request body when it is not JSON. */
  readonly consumes?: string;
  /** The media type of the answer when it is not JSON: the action answers a stream. */
  readonly produces?: string;
  /**
   * The body is handed to the doorway as it comes, whatever its size, which the doorway bounds;
   * what `accepts` names stands in the query then.
   */
  readonly streamed?: true;
  /** Bytes a body may have; otherwise 256 kB. */
  readonly bodyLimit?: number;
  /** May be asked of several replicas in turn when one fails: only for what changes nothing. */
  readonly retries?: number;
}

export type Action = Internal | Published;

/** A route that the gateway itself answers, out of other actions. */
export type Door = Omit<Published, "params"> & { readonly accepts: Shape };

export interface Contract {
  readonly actions: Readonly<Record<string, Action>>;
  readonly doors?: Readonly<Record<string, Door>>;
  readonly events: Readonly<Record<string, Shape>>;
  /**
   * What the events are about: for each kind of aggregate the fields that may change. Values of
   * those that are not marked `personal` travel with the events; all others stay behind (P16).
   */
  readonly aggregates?: Readonly<Record<string, Shape>>;
}

export const contract = <const C extends Contract>(promised: C): C => promised;

/** Parts of a contract, where one file would hold too many. */
export const actions = <const A extends Contract["actions"]>(promised: A): A => promised;
export const doors = <const D extends NonNullable<Contract["doors"]>>(promised: D): D => promised;
