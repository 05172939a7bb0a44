/** What becomes of a value that is sent for a field; values for tests to send. */
import { isRefusal } from "./errors.ts";
import type { Field } from "./fields.ts";
import { outsideChecker } from "./validation.ts";

/** The value as a handler receives it, or its faults by path and code. */
export function taken(field: Field<unknown>, value: unknown): unknown {
  try {
    return outsideChecker({ value: field })({ value }).value;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { errors } = error.data as { errors: { path: string; code: string }[] };
    return errors.map(({ path, code }) => `${path} ${code}`);
  }
}

export const long = (length: number): string => "x".repeat(length);
