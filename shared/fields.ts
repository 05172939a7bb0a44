/**
 * The vocabulary of our contracts. Each field is a plain fastest-validator rule that also knows
 * its TypeScript type (what a caller sends, what a handler gets) and what OpenAPI and MongoDB
 * need to be told about it.
 */
import type { CheckerFunction, ValidationRuleObject } from "fastest-validator";
import {
  asDay,
  asEmail,
  asFilledIn,
  asInstant,
  bytesOfBase64,
  multiLine,
  smallMap,
  singleLine,
} from "./fields.checks.ts";

declare const types: unique symbol;

/** How a field looks outside, beyond what its rule says. */
interface FieldNotes {
  /** The JSON Schema `format` on the wire. */
  readonly format?: "date-time" | "date" | "email" | "byte" | "filled-in";
  /** Names a person or tells about one: kept out of logs, erased with the person (P16). */
  readonly personal?: true;
  /** One sentence for the API's documentation. */
  readonly says?: string;
  /** What an object is to be that is checked on its own. */
  readonly alone?: Shape;
}

export type Field<Sent, Received = Sent> = ValidationRuleObject &
  FieldNotes & {
    readonly [types]?: { sent: Sent; received: Received };
  };

export type Shape = Readonly<Record<string, Field<unknown>>>;

// ── Words ────────────────────────────────────────────────────────────────────

/** An opaque identifier. */
export const id: Field<string> = { type: "string", pattern: /^[\w-]{1,64}$/ };

/** One line for people: trimmed, without control characters. */
export const text = (max = 200, min = 1): Field<string> => ({
  type: "string",
  trimmed: true,
  min,
  max,
  custom: singleLine as CheckerFunction,
});

/** Several lines, kept as they came: any character but NUL. */
export const longText = (max: number, min = 0): Field<string> => ({
  type: "string",
  min,
  max,
  custom: multiLine,
});

/** A token of a fixed alphabet, such as a language or a name of a zone. */
export const word = (pattern: RegExp, max = 64): Field<string> => ({
  type: "string",
  pattern,
  max,
});

/** A secret as it was typed: neither trimmed nor shown. */
export const secret = (max = 200, min = 1): Field<string> => ({
  type: "string",
  min,
  max,
  custom: singleLine as CheckerFunction,
});

export const whole = (min: number, max: number): Field<number> => ({
  type: "number",
  integer: true,
  min,
  max,
});

export const decimal = (min: number, max: number): Field<number> => ({ type: "number", min, max });

export const yesNo: Field<boolean> = { type: "boolean" };

/** A moment: ISO 8601 with a zone on the wire, `Date` inside. */
export const instant: Field<Date | string, Date> = {
  type: "custom",
  format: "date-time",
  check: asInstant,
};

/** A calendar day, `YYYY-MM-DD`, without a zone. */
export const day: Field<string> = { type: "custom", format: "date", check: asDay };

/** An e-mail address; the domain in lower case. */
export const email: Field<string> = { type: "custom", format: "email", check: asEmail };

/** What one field of a form can hold: a text, a number, yes or no, or several texts. */
export const filledIn: Field<string | number | boolean | string[]> = {
  type: "custom",
  format: "filled-in",
  check: asFilledIn,
};

/** Base64 of at most `maxBytes` bytes once decoded. */
export const base64 = (maxBytes: number): Field<string> => ({
  type: "string",
  format: "byte",
  maxBytes,
  custom: bytesOfBase64 as CheckerFunction,
});

export const oneOf = <const T extends string>(...values: T[]): Field<T> => ({
  type: "enum",
  values,
});

export const list = <S, R>(items: Field<S, R>, max = 100, min = 0): Field<S[], R[]> => ({
  type: "array",
  items,
  max,
  min,
});

export const record = <S extends Shape>(props: S): Field<Sent<S>, Received<S>> => ({
  type: "object",
  props,
  strict: true,
});

/** An object whose members are checked later, each object on its own: one bad one spoils no other. */
export const eachAlone = <S extends Shape>(props: S): Field<object> => ({
  type: "object",
  alone: props,
});

/**
 * Free names with values of one kind, at most `max` of them. A name can be a field of MongoDB, and
 * of an object: no `$`, no dot, and not `__proto__`.
 */
export const map = <S, R>(
  values: Field<S, R>,
  max = 50,
): Field<Record<string, S>, Record<string, R>> => ({
  type: "record",
  key: { type: "string", pattern: /^(?!__proto__$)[\p{L}\p{N}_][\p{L}\p{N}_ :/@#+-]{0,99}$/u },
  value: values,
  maxKeys: max,
  custom: smallMap as CheckerFunction,
});

/** Anything JSON can say; only for what our own services tell one another. */
export const anything: Field<unknown> = { type: "any", optional: true, nullable: true };

// ── Grammar ──────────────────────────────────────────────────────────────────

export const optional = <S, R>(field: Field<S, R>): Field<S | undefined, R | undefined> =>
  ({ ...field, optional: true }) as Field<S | undefined, R | undefined>;

/** May be sent as `null`: "there is none". */
export const nullable = <S, R>(field: Field<S, R>): Field<S | null, R | null> =>
  ({ ...field, nullable: true }) as Field<S | null, R | null>;

export const withDefault = <S, R>(field: Field<S, R>, value: S): Field<S | undefined, R> =>
  ({ ...field, default: value }) as Field<S | undefined, R>;

/** Marks what names a person (P16). */
export const personal = <S, R>(field: Field<S, R>): Field<S, R> => ({ ...field, personal: true });

/** Gives a field its sentence in the API's documentation. */
export const says = <S, R>(sentence: string, field: Field<S, R>): Field<S, R> => ({
  ...field,
  says: sentence,
});

/** The same fields, none of them required: the body of a PATCH. */
export const partial = <S extends Shape>(
  shape: S,
): {
  [K in keyof S]: S[K] extends Field<infer A, infer B>
    ? Field<A | undefined, B | undefined>
    : never;
} =>
  Object.fromEntries(
    Object.entries(shape).map(([name, { default: _unused, ...field }]) => [
      name,
      { ...field, optional: true },
    ]),
  ) as never;

// ── Types ────────────────────────────────────────────────────────────────────

type SentBy<F> = F extends Field<infer S, unknown> ? S : never;
type ReceivedBy<F> = F extends Field<unknown, infer R> ? R : never;

/** Turns `{ a: T | undefined }` into `{ a?: T }`. */
type Relax<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
type Flat<T> = { [K in keyof T]: T[K] } & {};

export type Sent<S> = Flat<Relax<{ [K in keyof S]: SentBy<S[K]> }>>;
export type Received<S> = Flat<Relax<{ [K in keyof S]: ReceivedBy<S[K]> }>>;
