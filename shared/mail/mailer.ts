/** Sends the e-mails of a queue, in one replica at a time, each once (P5), whatever they say. */
import type { Logger } from "moleculer";
import type { ServiceName } from "../bus.ts";
import { holdLease, pause, type Lease } from "../events/lease.ts";
import { saidBy } from "../faults.ts";
import { newId } from "../ids.ts";
import { settled, type Delivery, type Settled } from "./delivery.rules.ts";
import { deliver, type Letter } from "./smtp.ts";

/** How often new e-mails are looked for. */
const idleMs = 500;
/** Longer than any attempt takes. */
const strayMs = 120_000;

interface Queued {
  id: string;
  attempts: number;
}

/** Where e-mails wait: each is somebody's turn from `take` until `settle` or `drop`. */
export interface MailQueue<M extends Queued> {
  /** Takes the next e-mail that is due. */
  take: (claim: string, now: Date) => Promise<M | undefined>;
  /** Notes that the server is about to get the content; false where the turn has passed to others. */
  handOver: (id: string, claim: string, now: Date) => Promise<boolean>;
  /** Keeps how an attempt ended, unless somebody else has taken the e-mail since. */
  settle: (id: string, claim: string, outcome: Settled, now: Date) => Promise<unknown>;
  /** Puts away an e-mail that nobody is to get. */
  drop: (id: string, claim: string) => Promise<unknown>;
  /**
   * Of what has been somebody's turn since before then: what was not handed over is due again, the
   * rest is uncertain.
   */
  recover: (before: Date, now: Date) => Promise<unknown>;
}

interface Mailing<M extends Queued> {
  service: ServiceName;
  smtpUrl: string;
  logger: Logger;
  queue: MailQueue<M>;
  /** What an e-mail says, made anew for each attempt; undefined where nobody is to get it. */
  compose: (mail: M) => Promise<Omit<Letter, "messageId"> | undefined>;
  /** How many are sent side by side. */
  lanes?: number;
  leaseMs?: number;
}

export function startMailer<M extends Queued>(mailing: Mailing<M>): Lease {
  const { service, smtpUrl, logger, queue, compose, lanes = 1, leaseMs } = mailing;
  return holdLease({ service, role: "mail", logger, work, leaseMs });

  async function work(held: AbortSignal): Promise<void> {
    await queue.recover(new Date(), new Date());
    await Promise.all(Array.from({ length: lanes }, () => lane(held)));
  }

  async function lane(held: AbortSignal): Promise<void> {
    const claim = newId();
    while (!held.aborted) {
      const mail = await queue.take(claim, new Date());
      if (mail) await send(mail, claim);
      else {
        await pause(idleMs, held);
        await queue.recover(new Date(Date.now() - strayMs), new Date());
      }
    }
  }

  /** Undefined where nobody is to get it. */
  async function attempt(mail: M, claim: string): Promise<Delivery | undefined> {
    const letter = await compose(mail);
    if (!letter) return undefined;
    const messageId = messageIdOf(mail.id, letter.from);
    return deliver(smtpUrl, { ...letter, messageId }, () =>
      queue.handOver(mail.id, claim, new Date()),
    );
  }

  async function send(mail: M, claim: string): Promise<void> {
    const delivery = await attempt(mail, claim).catch(unwritten);
    if (!delivery) {
      await queue.drop(mail.id, claim);
      return;
    }
    const now = new Date();
    const { id, attempts } = mail;
    const outcome = settled(delivery, attempts, now);
    await queue.settle(id, claim, outcome, now);
    const { state } = outcome;
    if (state !== "sent") logger.warn("An e-mail was not sent for sure", { id, attempts, state });
  }
}

/** The same for every attempt, so that mail programs know a letter that came twice. */
export const messageIdOf = (id: string, from: string) =>
  `<${id}@${String(from.split("@").at(-1))}>`;

/** The server got nothing: who knows what it says is away, or whose turn it is could not be kept. */
const unwritten = (error: unknown): Delivery => ({
  outcome: "refused",
  isFinal: false,
  fault: saidBy(error).replaceAll(/\s+/g, " ").slice(0, 300),
});
