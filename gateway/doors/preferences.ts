/** How long a connector wants to wait, as `Prefer` tells (RFC 7240). */
import type { IncomingHttpHeaders } from "node:http";

const longestWaitSeconds = 30;

export interface Preference {
  /** 0 for an answer at once; undefined for what is usual here. */
  readonly waitMs?: number;
  /** What `Preference-Applied` answers; undefined where nothing was asked, or nothing we know. */
  readonly applied?: string;
}

/**
 * `respond-async` goes before `wait=N`; of a preference that stands there twice the first counts.
 * What cannot be read is left aside, as the standard wants.
 */
export function preferenceOf({ prefer }: IncomingHttpHeaders): Preference {
  if (prefer === undefined) return {};
  const asked = preferencesIn(String(prefer));
  if (asked["respond-async"] === "") return { waitMs: 0, applied: "respond-async" };
  const wait = asked["wait"] ?? "";
  if (!/^\d{1,9}$/.test(wait)) return {};
  const seconds = Math.min(Number(wait), longestWaitSeconds);
  return { waitMs: seconds * 1_000, applied: `wait=${seconds}` };
}

const preference = /^\s*(?<name>[\w-]+)\s*(?:=\s*"?(?<value>[^";]*?)"?\s*)?(?:;.*)?$/;

function preferencesIn(header: string): Record<string, string> {
  const pairs = header.split(",").flatMap((one): [string, string][] => {
    const { name, value = "" } = preference.exec(one)?.groups ?? {};
    return name === undefined ? [] : [[name.toLowerCase(), value]];
  });
  return Object.fromEntries(pairs.reverse());
}

/** The headers by which an answer tells what was applied. */
export const appliedHeaders = ({ applied }: Preference): Record<string, string> =>
  applied === undefined ? {} : { "preference-applied": applied };
