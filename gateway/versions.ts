/** Versions as HTTP tells them: `ETag`, `If-Match` and `If-None-Match`. */
import type { IncomingHttpHeaders } from "node:http";
import { Errors } from "moleculer";
import { versionNeeded } from "#shared/errors.ts";

const highest = 1_000_000_000;

/**
 * The version that `If-Match` names, for a guarded route; undefined where any will do.
 * @throws 428 where a version is required and missing; 412 for a tag that no version of ours has
 */
export function expectedVersion(
  headers: IncomingHttpHeaders,
  guarded: "required" | "checked",
): number | undefined {
  const tag = headers["if-match"]?.trim() ?? "";
  if (tag === "" || tag === "*") {
    if (guarded === "required") throw versionNeeded();
    return undefined;
  }
  const [, digits] = /^(?:W\/)?"?(\d{1,10})"?$/.exec(tag) ?? [];
  return within(Number(digits));
}

function within(version: number): number {
  if (version >= 1 && version <= highest) return version;
  throw new Errors.MoleculerClientError("This is no version of ours", 412, "STALE_VERSION");
}

/** The tag of an answer that carries a version. */
export function tagOf(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const { version } = answer as { version?: unknown };
  return typeof version === "number" ? `"${version}"` : undefined;
}

/** Whether `If-None-Match` names this tag: the reader has it already. For what never changes. */
export const alreadyHeld = (tag: string, { "if-none-match": held }: IncomingHttpHeaders): boolean =>
  held !== undefined &&
  (held.trim() === "*" || held.split(",").some((one) => one.trim().replace(/^W\//, "") === tag));
