/** How what is wrong with a campaign is told: field by field, all of it at once. */
import { invalid, type FieldFault } from "#shared/errors.ts";

/** Refuses a request by all that is wrong with it. */
export function refuse(faults: readonly FieldFault[]): void {
  if (faults.length > 0) throw invalid([...faults]);
}

export const fault = (path: string, message: string, code: string): FieldFault => ({
  path,
  message,
  code,
});

/** The places of those that were there before. */
export const repeated = (values: readonly string[]): number[] =>
  values.flatMap((value, place) => (values.indexOf(value) < place ? [place] : []));
