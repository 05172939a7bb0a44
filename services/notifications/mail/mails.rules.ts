/** What becomes of an outgoing e-mail after an attempt (P5). */
import type { OutgoingMail } from "#shared/contracts/notifications/mails.ts";
import { conflict } from "#shared/errors.ts";

/** How an attempt ended. */
export type Delivery =
  | { outcome: "sent" }
  /** The server has not taken it, and said so or was never given it. */
  | { outcome: "refused"; isFinal: boolean; fault: string }
  /** It was handed over, and no answer came. */
  | { outcome: "uncertain"; fault: string };

export type Settled = Pick<OutgoingMail, "state" | "fault"> & { nextAt: Date };

const firstPauseMs = 5_000;
const longestPauseMs = 10 * 60_000;
const mostAttempts = 8;

/** The state after an attempt: only what the server has surely not taken is tried again. */
export function settled(delivery: Delivery, attempts: number, now: Date): Settled {
  if (delivery.outcome === "sent") return { state: "sent", nextAt: now };
  const { fault } = delivery;
  if (delivery.outcome === "uncertain") return { state: "uncertain", fault, nextAt: now };
  if (delivery.isFinal || attempts >= mostAttempts) return { state: "failed", fault, nextAt: now };
  const pauseMs = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs);
  return { state: "queued", fault, nextAt: new Date(now.getTime() + pauseMs) };
}

/** @throws 409 MAIL_NOT_RESENDABLE for what goes out by itself, or has gone out */
export function requireResendable({ state }: OutgoingMail): void {
  if (state === "uncertain" || state === "failed") return;
  throw conflict("MAIL_NOT_RESENDABLE", "Only uncertain and failed e-mails are sent again", {
    state,
  });
}
