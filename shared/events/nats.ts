/** One connection to NATS for a process, for JetStream; however long NATS is away, it comes back. */
import { setTimeout as pause } from "node:timers/promises";
import { connect, Events, type ConnectionOptions, type NatsConnection } from "nats";
import { config } from "../config.ts";
import { unavailable } from "../errors.ts";
import { natsAddress } from "../nats-address.ts";

const retryMs = 250;
const closeWithinMs = 2_000;

interface Link {
  /** There while NATS is reached. */
  reached: NatsConnection | undefined;
  close(): Promise<void>;
}

type Watcher = (reached: NatsConnection | undefined) => void;

const watchers = new Set<Watcher>();
let shared: Link | undefined;
let users = 0;

/** The connection while NATS is there; undefined while it is away. */
export const nats = (): NatsConnection | undefined => shared?.reached;

/**
 * The connection.
 * @throws 503 UNAVAILABLE while NATS is away
 */
export function reachedNats(): NatsConnection {
  const reached = nats();
  if (!reached) throw unavailable("The event stream cannot be reached right now");
  return reached;
}

/** Calls back each time that NATS comes or goes; answers how to end that. */
export function watchNats(watcher: Watcher): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/**
 * Waits for work that talks to NATS, but not for an answer that a lost connection cannot bring.
 * @throws Error when the connection is lost meanwhile
 */
export async function untilLost<T>(work: Promise<T>): Promise<T> {
  const lost = Promise.withResolvers<never>();
  const unwatch = watchNats((reached) => {
    if (!reached) lost.reject(new Error("The connection to NATS was lost"));
  });
  try {
    return await Promise.race([work, lost.promise]);
  } finally {
    unwatch();
  }
}

/** Resolves with the connection once NATS is there, or with undefined when `given` up. */
export function natsOnceThere(given: AbortSignal): Promise<NatsConnection | undefined> {
  const { promise, resolve } = Promise.withResolvers<NatsConnection | undefined>();
  const settle = () => {
    if (nats() ?? given.aborted) resolve(nats());
  };
  const unwatch = watchNats(settle);
  given.addEventListener("abort", settle, { once: true });
  settle();
  return promise.finally(() => {
    unwatch();
    given.removeEventListener("abort", settle);
  });
}

/** Connects in the background, or joins the connection that is there; never waits for NATS. */
export function joinNats(): void {
  users += 1;
  shared ??= link();
}

/** Closes the connection when its last user has left; takes two seconds at most. */
export async function leaveNats(): Promise<void> {
  users -= 1;
  if (users > 0 || !shared) return;
  const closing = shared;
  shared = undefined;
  await closing.close();
}

function link(): Link {
  const ended = new AbortController();
  const one: Link = { reached: undefined, close };
  let current: NatsConnection | undefined;
  const tell = (reached: NatsConnection | undefined) => {
    one.reached = reached;
    for (const watcher of watchers) watcher(reached);
  };
  const kept = keep();

  async function keep(): Promise<void> {
    while (!ended.signal.aborted) {
      current = await connect(options()).catch(() => undefined);
      if (current) await follow(current);
      else await pause(retryMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  }

  /** Until the connection is closed for good; it comes back from a loss by itself. */
  async function follow(connection: NatsConnection): Promise<void> {
    if (ended.signal.aborted) return connection.close();
    tell(connection);
    void hear(connection, tell); // its statuses do not end with it
    await connection.closed();
    tell(undefined);
  }

  async function close(): Promise<void> {
    ended.abort();
    one.reached = undefined;
    const closed = Promise.all([current?.close(), kept]).catch(() => undefined);
    const late = new AbortController();
    await Promise.race([
      closed,
      pause(closeWithinMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }
  return one;
}

async function hear(connection: NatsConnection, tell: Watcher): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === Events.Disconnect) tell(undefined);
    else if (type === Events.Reconnect) tell(connection);
  }
}

const options = (): ConnectionOptions => ({
  ...natsAddress(config().NATS_URL),
  maxReconnectAttempts: -1,
  ignoreAuthErrorAbort: true,
  reconnectTimeWait: retryMs,
  timeout: 2_000,
  pingInterval: 5_000,
});
