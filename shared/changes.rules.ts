/** What changed between two versions of something: the change part of its events (D18). */
import type { Change } from "./contracts/common.ts";

/** Told by the event itself. */
const untold = new Set(["id", "version", "createdAt", "createdBy", "updatedAt", "updatedBy"]);

/**
 * The fields whose values differ, by name; those of a record as `options.allowTranscript`. None and
 * null are the same, lists are compared as wholes.
 * @param before what was there; `{}` for what is new
 */
export const changesBetween = (before: object, after: object): Change[] =>
  namesOf(before, after)
    .filter((name) => !untold.has(name))
    .flatMap((name) => fieldChanges(name, valueOf(before, name), valueOf(after, name)));

function fieldChanges(field: string, old: unknown, now: unknown): Change[] {
  if (isRecord(now) && (isRecord(old) || old === null)) {
    return namesOf(old ?? {}, now).flatMap((name) =>
      fieldChanges(`${field}.${name}`, valueOf(old ?? {}, name), valueOf(now, name)),
    );
  }
  return JSON.stringify(old) === JSON.stringify(now) ? [] : [{ field, old, new: now }];
}

const namesOf = (before: object, after: object): string[] => [
  ...new Set([...Object.keys(after), ...Object.keys(before)]),
];

const valueOf = (held: object, name: string): unknown =>
  (held as Record<string, unknown>)[name] ?? null;

const isRecord = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
