/** Ends an HTTP server without failing a request, though its connections are kept alive. */
import type { Server } from "node:http";
import { Server as NetServer } from "node:net";

export interface Pace {
  /** How long idle connections may still bring a request, which is told to be their last. */
  readonly idleMs: number;
  /** How long what is in flight may take. */
  readonly flightMs: number;
}

/**
 * Takes no new connections, waits for what is in flight, then closes what is left. Answers sent
 * meanwhile must carry `Connection: close`. `open` tells how many requests are unanswered.
 */
export async function drain(server: Server, open: () => number, pace: Pace): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    // http.Server.close() would cut idle connections at once, some with a request on its way
    NetServer.prototype.close.call(server, () => {
      resolve();
    });
  });
  const until = Date.now() + pace.idleMs + pace.flightMs;
  await Promise.race([closed, pause(pace.idleMs)]);
  server.closeIdleConnections();
  while (open() > 0 && Date.now() < until) await pause(20);
  server.closeAllConnections();
  await closed;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
