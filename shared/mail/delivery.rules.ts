/** What becomes of an e-mail after an attempt to send it (P5). Pure. */

/** How an attempt ended. */
export type Delivery =
  | {
      outcome: "sent";
      /** Whom the server has not taken it for, where it took it for others. */
      fault?: string;
    }
  /** The server has not taken it, and said so or was never given it. */
  | { outcome: "refused"; isFinal: boolean; fault: string }
  /** It was handed over, and no answer came. */
  | { outcome: "uncertain"; fault: string };

export interface Settled {
  state: "queued" | "sent" | "uncertain" | "failed";
  fault?: string;
  /** When it may be tried next. */
  nextAt: Date;
}

const firstPauseMs = 5_000;
const longestPauseMs = 10 * 60_000;
const mostAttempts = 8;

/** The state after an attempt: only what the server has surely not taken is tried again. */
export function settled(delivery: Delivery, attempts: number, now: Date): Settled {
  if (delivery.outcome === "sent") {
    const { fault } = delivery;
    return { state: "sent", nextAt: now, ...(fault && { fault }) };
  }
  const { fault } = delivery;
  if (delivery.outcome === "uncertain") return { state: "uncertain", fault, nextAt: now };
  if (delivery.isFinal || attempts >= mostAttempts) return { state: "failed", fault, nextAt: now };
  const pauseMs = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs);
  return { state: "queued", fault, nextAt: new Date(now.getTime() + pauseMs) };
}
