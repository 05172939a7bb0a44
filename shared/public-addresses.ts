/** Where names lead: what `public-addresses.rules.ts` cannot read from an address itself. */
import { lookup } from "node:dns/promises";
import { config } from "./config.ts";
import { isNumeric, isPublicIp } from "./public-addresses.rules.ts";

/** The hosts inside that the operator allows, as `host:port`. */
export const hostsInside = (): readonly string[] => config().HOSTS_INSIDE?.split(",") ?? [];

type Resolve = (host: string) => Promise<readonly string[]>;

/** Nobody waits longer for the answer about a name. */
const longestMs = 2_000;

/** As a request would find the host, `/etc/hosts` included. */
const byLookup: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Whether a host is, or leads to, any address that is not public. A name that leads nowhere, or
 * whose answer takes longer than two seconds, leads to none; who fetches has to ask again.
 */
export async function leadsInside(host: string, resolve: Resolve = byLookup): Promise<boolean> {
  const addresses = isNumeric(host) ? [host] : await within(longestMs, resolve(host));
  return !addresses.every(isPublicIp);
}

async function within(
  ms: number,
  resolving: Promise<readonly string[]>,
): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(resolve, ms, []);
  });
  try {
    return await Promise.race([resolving.catch(() => []), late]);
  } finally {
    clearTimeout(timer);
  }
}
