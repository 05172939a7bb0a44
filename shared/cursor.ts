/** Cursors: where a page of a list ended, as an opaque word that a caller hands back. */
import { invalidField } from "./errors.ts";

/** What a value of a cursor must be; "any" where the sort key's type does not matter. */
export type CursorKind = "string" | "number" | "date" | "any";
export type CursorValue = string | number | Date | null;

/** The cursor of a row: the values of its sort keys, in their order. */
export const encodeCursor = (values: readonly CursorValue[]): string =>
  Buffer.from(
    JSON.stringify(values.map((one) => (one instanceof Date ? { at: one.getTime() } : one))),
  ).toString("base64url");

/**
 * The values that a cursor stands for: one for each kind, in order; null where the row had none.
 * @throws 422 VALIDATION_ERROR at `cursor` for anything that no list of this sort has handed out
 */
export function decodeCursor(cursor: string, kinds: readonly CursorKind[]): CursorValue[] {
  const values = parsed(cursor);
  if (!Array.isArray(values) || values.length !== kinds.length) throw notOfThisList();
  return kinds.map((kind, place) => {
    const value = valueOf(values[place]);
    if (value !== null && kind !== "any" && kind !== kindOf(value)) throw notOfThisList();
    return value;
  });
}

/** 422: a cursor that this list has not handed out. */
export const notOfThisList = () => invalidField("cursor", "is not a cursor of this list", "cursor");

const kindOf = (value: string | number | Date): CursorKind =>
  value instanceof Date ? "date" : typeof value === "string" ? "string" : "number";

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown;
  } catch {
    throw notOfThisList();
  }
}

function valueOf(raw: unknown): CursorValue {
  if (raw === null || typeof raw === "string" || typeof raw === "number") return raw;
  const at = (raw as { at?: unknown }).at;
  const date = new Date(typeof at === "number" ? at : Number.NaN);
  if (Number.isNaN(date.getTime())) throw notOfThisList();
  return date;
}
