/** Asking other systems at addresses that somebody typed in: HTTPS, public wherever they lead, bounded. */
import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
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
  /** Where a host leads; as a connection would find it, unless said otherwise. */
  resolve?: Resolve;
}

type Resolve = (host: string) => Promise<LookupAddress[]>;

const byLookup: Resolve = (host) => lookup(host, { all: true });

const mostRedirects = 3;

/**
 * The JSON that a public address answers. Each address on the way is checked, and the connection
 * goes to an address that DNS gave and that was found to be public. Nothing of ours goes along.
 * @throws AskingFailed
 */
export async function askForJson(
  address: string,
  { inside, withinMs = 3_000, mostBytes = 256 * 1024, resolve = byLookup }: Bounds,
): Promise<unknown> {
  const way = { inside, resolve, signal: AbortSignal.timeout(withinMs) };
  let next = address;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await asked(next, way);
    if (isSuccess(answer)) return parsed(await bodyOf(answer, { mostBytes, signal: way.signal }));
    answer.destroy();
    next = redirected(next, answer);
  }
  throw new AskingFailed("redirects");
}

/** What is told another system. */
interface Post {
  body: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * Tells a public address something; answers the status that it answered. Nothing is followed that
 * leads elsewhere, and what the answer says is not read.
 * @throws AskingFailed
 */
export async function tellPublicly(
  address: string,
  post: Post,
  { inside, withinMs = 10_000, resolve = byLookup }: Omit<Bounds, "mostBytes">,
): Promise<number> {
  const way = { inside, resolve, signal: AbortSignal.timeout(withinMs) };
  const answer = await asked(address, way, post);
  answer.destroy();
  return answer.statusCode ?? 0;
}

const isSuccess = ({ statusCode = 0 }: IncomingMessage): boolean =>
  statusCode >= 200 && statusCode < 300;

/** Where an answer sends on to. */
function redirected(from: string, { statusCode = 0, headers: { location } }: IncomingMessage) {
  const sendsOn = [301, 302, 303, 307, 308].includes(statusCode);
  if (sendsOn && location !== undefined && URL.canParse(location, from)) {
    return new URL(location, from).href;
  }
  throw new AskingFailed("refused");
}

interface Way {
  inside: readonly string[];
  signal: AbortSignal;
  resolve: Resolve;
}

function asked(
  address: string,
  { inside, signal, resolve }: Way,
  post?: Post,
): Promise<IncomingMessage> {
  const read = readPublicAddress(address, inside);
  if ("fault" in read) throw new AskingFailed("notPublic");
  return new Promise((answer, reject) => {
    const options = {
      ...{ agent: false, signal },
      ...{ method: post ? "POST" : "GET" },
      headers: { accept: "application/json", "user-agent": "Casewire", ...post?.headers },
      ...(read.isInside ? {} : { lookup: publicLookup(resolve) }),
    };
    request(address, options, answer)
      .on("error", (error) => {
        reject(failureOf(error, signal));
      })
      .end(post?.body);
  });
}

/** Finds a host for a connection, and refuses it where one of its addresses is not public. */
const publicLookup =
  (resolve: Resolve): LookupFunction =>
  (host, options, done) => {
    resolve(host).then(
      (found) => {
        const [first] = found;
        if (!first) done(new Error("leads nowhere"), "");
        else if (!found.every(({ address }) => isPublicIp(address))) {
          done(new AskingFailed("notPublic"), "");
        } else if (options.all) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: unknown) => {
        done(error as Error, "");
      },
    );
  };

const failureOf = (error: unknown, { aborted }: AbortSignal): AskingFailed => {
  if (error instanceof AskingFailed) return error;
  return new AskingFailed(aborted ? "slow" : "unreachable");
};

async function bodyOf(
  answer: IncomingMessage,
  { mostBytes, signal }: { mostBytes: number; signal: AbortSignal },
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw new AskingFailed("tooLarge");
      chunks.push(chunk);
    }
  } catch (error) {
    throw failureOf(error, signal);
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
