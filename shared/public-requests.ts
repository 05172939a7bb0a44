/** Asking other systems at addresses that somebody typed in: HTTPS, public wherever they lead, bounded. */
import { lookup, type LookupAddress } from "node:dns";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import type { LookupFunction } from "node:net";
import { isPublicIp, readPublicAddress } from "./public-addresses.rules.ts";

/** Why nothing was learned from another system. */
export type Failure =
  "unreachable" | "slow" | "refused" | "notPublic" | "redirects" | "tooLarge" | "notJson";

export class AskingFailed extends Error {
  readonly reason: Failure;

  constructor(reason: Failure) {
    super(`The other system told nothing: ${reason}`);
    this.reason = reason;
  }
}

interface Bounds {
  /** Hosts inside that may be spoken to all the same, as `host:port`. */
  inside: readonly string[];
  /** For all of it, redirects and body included. */
  withinMs?: number;
  mostBytes?: number;
}

const mostRedirects = 3;

/**
 * The JSON that a public address answers. Each address on the way is checked, and the connection
 * goes to an address that DNS gave and that was found to be public. Nothing of ours goes along.
 * @throws AskingFailed
 */
export async function askForJson(
  address: string,
  { inside, withinMs = 3_000, mostBytes = 256 * 1024 }: Bounds,
): Promise<unknown> {
  const signal = AbortSignal.timeout(withinMs);
  let next = address;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await asked(next, inside, signal);
    const { statusCode = 0, headers } = answer;
    if (statusCode >= 200 && statusCode < 300) return parsed(await bodyOf(answer, mostBytes));
    answer.destroy();
    const goesOn = [301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined;
    if (!goesOn || !URL.canParse(headers.location ?? "", next)) throw new AskingFailed("refused");
    next = new URL(headers.location ?? "", next).href;
  }
  throw new AskingFailed("redirects");
}

function asked(
  address: string,
  inside: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const read = readPublicAddress(address, inside);
  if ("fault" in read) throw new AskingFailed("notPublic");
  return new Promise((resolve, reject) => {
    const options = {
      ...{ agent: false, signal },
      headers: { accept: "application/json", "user-agent": "Casewire" },
      ...(read.isInside ? {} : { lookup: publicLookup }),
    };
    get(address, options, resolve).on("error", (error) => {
      reject(failureOf(error));
    });
  });
}

/** Finds a host as a connection does, and refuses it where one of its addresses is not public. */
const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    const [first] = found as LookupAddress[] | undefined[];
    if (error || !first) done(error ?? new Error("nowhere"), "");
    else if (!found.every((one) => isPublicIp(one.address)))
      done(new AskingFailed("notPublic"), "");
    else if (options.all) done(null, found);
    else done(null, first.address, first.family);
  });
};

function failureOf(error: unknown): AskingFailed {
  if (error instanceof AskingFailed) return error;
  const { name } = error as Error;
  return new AskingFailed(
    name === "AbortError" || name === "TimeoutError" ? "slow" : "unreachable",
  );
}

async function bodyOf(answer: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw new AskingFailed("tooLarge");
      chunks.push(chunk);
    }
  } catch (error) {
    throw failureOf(error);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new AskingFailed("notJson");
  }
}
