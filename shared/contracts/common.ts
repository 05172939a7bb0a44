/** Shapes that more than one contract speaks of. */
import {
  anything,
  id,
  instant,
  list,
  nullable,
  oneOf,
  optional,
  record,
  text,
  whole,
  word,
  type Field,
  type Received,
  type Sent,
  type Shape,
} from "../fields.ts";

/** The version that `If-Match` names. */
export const version = whole(1, 1_000_000_000);

/** How a list is asked for, a page at a time. */
export const paging = {
  limit: { ...whole(1, 200), optional: true, default: 50 } as Field<number | undefined, number>,
  cursor: optional(word(/^[\w-]+$/, 3_000)),
  count: optional({ type: "boolean" } as Field<boolean>),
};

/** A page of a list; `nextCursor` is null on the last one, `total` only where it was asked for. */
export const page = <S extends Shape>(
  shape: S,
): Field<
  { items: Sent<S>[]; nextCursor: string | null; total?: number },
  { items: Received<S>[]; nextCursor: string | null; total?: number }
> =>
  record({
    items: list(record(shape), 200),
    nextCursor: nullable(word(/^[\w-]+$/, 3_000)),
    total: optional(whole(0, Number.MAX_SAFE_INTEGER)),
  }) as never;

export const language = oneOf("en", "es");

/** When and by whom something was made and last changed. */
export const trail = {
  version,
  createdAt: instant,
  createdBy: optional(id),
  updatedAt: instant,
  updatedBy: optional(id),
};

/** Who acts: a user, a connector with its channel's key, a business rule, or the system itself. */
export type Actor = Received<typeof Actor>;
export const Actor = {
  kind: oneOf("user", "connector", "system", "rule"),
  id,
  name: optional(text(200)),
  role: optional(oneOf("administrator", "supervisor", "agent")),
  permissions: list(text(64), 100),
  /** The one channel that a connector may post to. */
  channelId: optional(id),
  sessionId: optional(id),
};

/**
 * A value of one field before and after a change (D18). On the stream a personal one says only that
 * it changed; the change log has its values, until the person is erased (P16).
 */
export type Change = Received<typeof Change>;
export const Change = {
  field: text(200),
  old: anything,
  new: anything,
  personal: optional({ type: "boolean" } as Field<boolean>),
  /** Its values were there, and were erased with the person. */
  erased: optional({ type: "boolean" } as Field<boolean>),
};

export const contactPointType = oneOf("email", "phone", "mobile", "postal", "social", "other");
export type ContactPointType = "email" | "phone" | "mobile" | "postal" | "social" | "other";

/** ISO 3166-1 alpha-2. */
export const country = word(/^[A-Z]{2}$/, 2);
