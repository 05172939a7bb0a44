/** The checks behind the fields that no built-in rule of fastest-validator covers. */
import { types } from "node:util";
import type { ValidationError } from "fastest-validator";

type Faults = ValidationError[] | { type: string; message?: string }[];

const refuse = (faults: Faults, type: string, message: string): void => {
  (faults as { type: string; message: string }[]).push({ type, message });
};

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\u0000-\u001f\u007f\u2028\u2029]/;

/**
 * Refuses control characters (CR, LF and NUL among them) and broken Unicode. A `trimmed` text comes
 * out without the white space around it; what is left has at least `min` characters.
 */
export function singleLine(
  value: unknown,
  faults: Faults,
  { trimmed, min = 0 }: { trimmed?: boolean; min?: number },
): unknown {
  if (typeof value !== "string") return value;
  if (control.test(value)) refuse(faults, "singleLine", "must be one line of plain characters");
  else if (!value.isWellFormed()) refuse(faults, "unicode", "must be well-formed Unicode");
  const text = trimmed ? value.trim() : value;
  if (value.length >= min && isShorter(text, min)) refuse(faults, "stringMin", tooShort(min));
  return text;
}

const tooShort = (min: number): string =>
  min === 1 ? "must not be empty" : `must have at least ${String(min)} characters`;

/** In characters, as JSON Schema counts them, not in halves of surrogate pairs. */
const isShorter = (text: string, min: number): boolean =>
  text.length < min || (text.length < 2 * min && Array.from(text).length < min);

/** Refuses NUL and broken Unicode. */
export function multiLine(value: unknown, faults: Faults): unknown {
  if (typeof value !== "string") return value;
  if (value.includes("\0")) refuse(faults, "noNul", "must not contain NUL");
  else if (!value.isWellFormed()) refuse(faults, "unicode", "must be well-formed Unicode");
  return value;
}

const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

/** ISO 8601 with a zone to `Date`; a `Date` stays as it is. */
export function asInstant(value: unknown, faults: Faults): unknown {
  // Also a Date of another realm, as structuredClone makes them under jest.
  const parsed = types.isDate(value) ? value : instantOf(value);
  if (parsed && !Number.isNaN(parsed.getTime())) return parsed;
  refuse(faults, "instant", "must be an ISO 8601 time with its zone, such as 2026-01-31T10:00:00Z");
  return value;
}

/** Of a day that exists: 30 February would quietly become 2 March. */
const instantOf = (value: unknown): Date | undefined =>
  typeof value === "string" && isoInstant.test(value) && realDay(value.slice(0, 10))
    ? new Date(value)
    : undefined;

const realDay = (value: string): boolean => {
  const parsed = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value);
};

/** `YYYY-MM-DD`, and a day that exists. */
export function asDay(value: unknown, faults: Faults): unknown {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && realDay(value)) return value;
  refuse(faults, "day", "must be a day, YYYY-MM-DD");
  return value;
}

const localPart = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}$/;
const domainPart = /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/;

/** An address as RFC 5321 allows without quoting; the domain comes out in lower case. */
export function asEmail(value: unknown, faults: Faults): unknown {
  const trimmed = typeof value === "string" && value.length < 400 ? value.trim() : "";
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, Math.max(at, 0));
  const domain = trimmed.slice(at + 1).toLowerCase();
  if (localPart.test(local) && !/^\.|\.\.|\.$/.test(local) && domainPart.test(domain)) {
    return `${local}@${domain}`;
  }
  refuse(faults, "email", "must be an e-mail address");
  return value;
}

const mostTexts = 100;

/** A text, a finite number, yes or no, or up to 100 texts. */
export function asFilledIn(value: unknown, faults: Faults): unknown {
  const isOne = typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
  const isTexts =
    Array.isArray(value) &&
    value.length <= mostTexts &&
    value.every((one) => typeof one === "string");
  if (!isOne && !isTexts) {
    refuse(faults, "filledIn", "must be a text, a number, true or false, or a list of texts");
  }
  return value;
}

const base64Alphabet = /^[A-Za-z\d+/]*={0,2}$/;

/** Base64 whose decoded size is within the field's `maxBytes`. */
export function bytesOfBase64(
  value: unknown,
  faults: Faults,
  { maxBytes }: { maxBytes?: number },
): unknown {
  if (typeof value !== "string") return value;
  if (value.length % 4 !== 0 || !base64Alphabet.test(value)) {
    refuse(faults, "base64", "must be base64");
  } else if (Buffer.byteLength(value, "base64") > (maxBytes ?? 0)) {
    refuse(faults, "maxBytes", `must hold at most ${String(maxBytes)} bytes`);
  }
  return value;
}

/** At most `maxKeys` names. */
export function smallMap(
  value: unknown,
  faults: Faults,
  { maxKeys }: { maxKeys?: number },
): unknown {
  if (typeof value === "object" && value && Object.keys(value).length > (maxKeys ?? 0)) {
    refuse(faults, "maxKeys", `must have at most ${String(maxKeys)} entries`);
  }
  return value;
}
