/** Sends the outgoing e-mails, one after the other, in one replica at a time, whatever they say. */
import type { Logger } from "moleculer";
import type { OutgoingMail } from "#shared/contracts/notifications/mails.ts";
import { holdLease, pause, type Lease } from "#shared/events/lease.ts";
import { saidBy } from "#shared/faults.ts";
import { newId } from "#shared/ids.ts";
import { settled, type Delivery } from "./mails.rules.ts";
import * as store from "./mails.store.ts";
import { deliver, type Letter } from "./smtp.ts";

/** How often new e-mails are looked for. */
const idleMs = 500;
/** Longer than any attempt takes. */
const strayMs = 120_000;

export type Composed = Pick<Letter, "to" | "subject" | "text">;

interface Mailing {
  smtpUrl: string;
  from: string;
  logger: Logger;
  /** What an e-mail says, made anew for each attempt; undefined where nobody is to get it. */
  compose: (mail: OutgoingMail) => Promise<Composed | undefined>;
  leaseMs?: number;
}

export function startMailer({ logger, leaseMs, ...mailing }: Mailing): Lease {
  return holdLease({ service: "notifications", role: "mail", logger, work, leaseMs });

  async function work(held: AbortSignal): Promise<void> {
    const claim = newId();
    await store.recover(new Date(), new Date());
    while (!held.aborted) {
      const mail = await store.take(claim, new Date());
      if (mail) await send(mail, claim);
      else {
        await pause(idleMs, held);
        await store.recover(new Date(Date.now() - strayMs), new Date());
      }
    }
  }

  /** Undefined where nobody is to get it. */
  async function attempt(mail: OutgoingMail, claim: string): Promise<Delivery | undefined> {
    const { smtpUrl, from, compose } = mailing;
    const content = await compose(mail);
    if (!content) return undefined;
    const letter = { from, ...content, messageId: messageIdOf(mail, from) };
    return deliver(smtpUrl, letter, () => store.handOver(mail.id, claim, new Date()));
  }

  async function send(mail: OutgoingMail, claim: string): Promise<void> {
    const delivery = await attempt(mail, claim).catch(unwritten);
    if (!delivery) {
      await store.drop(mail.id, claim);
      return;
    }
    const now = new Date();
    const outcome = settled(delivery, mail.attempts, now);
    await store.settle(mail.id, claim, outcome, now);
    if (outcome.state !== "sent") {
      const { id, kind, attempts } = mail;
      logger.warn("An e-mail was not sent for sure", { id, kind, attempts, state: outcome.state });
    }
  }
}

const messageIdOf = ({ id }: OutgoingMail, from: string) => `<${id}@${from.split("@").at(-1)}>`;

/** The server got nothing: who knows what it says is away, or whose turn it is could not be kept. */
const unwritten = (error: unknown): Delivery => ({
  outcome: "refused",
  isFinal: false,
  fault: saidBy(error).replaceAll(/\s+/g, " ").slice(0, 300),
});
