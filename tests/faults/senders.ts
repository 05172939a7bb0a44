/** Connectors that do not give up: each message goes out one to five times, until it is answered. */
import { appendFileSync } from "node:fs";
import type { Answer } from "../system/http.ts";
import { aMessage, post, type Inbox, type System } from "../system/system.ts";
import { chance } from "./random.ts";

/** One acknowledged message, as the senders' own log keeps it. */
export interface Acknowledged {
  externalId: string;
  interactionId: string;
  sender: string;
  caseId?: string;
}

export interface Sending {
  messages: number;
  senders: number;
  seed: number;
  /** Where the acknowledgements are written, a JSON line each. */
  logFile: string;
  /** Called after each message, with how many are done. */
  progress: (done: number) => void;
}

export interface Sent {
  /** Requests that were answered 2xx, refused for now, or broken off. */
  accepted: number;
  refused: number;
  broken: number;
  /** Milliseconds that the slowest request took. */
  slowestMs: number;
}

/** How long a connector goes on with one message before it is called lost. */
const patienceMs = 120_000;

/**
 * Sends messages numbered from 0 through several senders at once. Ten messages come from each
 * customer, so that most join a case and many are the first of a new customer.
 * @throws when a message is refused for good, or not accepted in two minutes
 */
export async function sendAll(system: System, inbox: Inbox, sending: Sending): Promise<Sent> {
  const sent: Sent = { accepted: 0, refused: 0, broken: 0, slowestMs: 0 };
  const deliver = delivery(system, inbox, sending, sent);
  let next = 0;
  let done = 0;
  await Promise.all(Array.from({ length: sending.senders }, sender));
  return sent;

  async function sender(): Promise<void> {
    for (let index = next++; index < sending.messages; index = next++) {
      await deliver(index);
      sending.progress(++done);
    }
  }
}

/** Sends one message, by its number, in one to five copies at once until each is accepted. */
function delivery(
  { http }: System,
  inbox: Inbox,
  { messages, seed, logFile }: Sending,
  sent: Sent,
): (index: number) => Promise<void> {
  return async (index) => {
    const draw = chance(seed ^ (index * 2_654_435_761));
    const from = `customer-${String(draw.below(Math.ceil(messages / 10)))}@example.com`;
    const sender = { type: "email", value: from, name: "Ada Byron" };
    const message = aMessage({ externalId: `message-${String(index)}`, from: sender });
    const copies = 1 + draw.below(5);
    await Promise.all(Array.from({ length: copies }, () => untilAccepted(message, from)));
  };

  async function untilAccepted(message: { externalId: string }, sender: string): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const told = await once(message);
      if (told) {
        note(logFile, { externalId: message.externalId, sender, ...told });
        return;
      }
      if (Date.now() > deadline) throw new Error(`${message.externalId} was never accepted`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function once(message: object): Promise<Told | undefined> {
    const began = Date.now();
    const answer = await post(http, inbox, message).catch(() => undefined);
    sent.slowestMs = Math.max(sent.slowestMs, Date.now() - began);
    if (!answer) sent.broken += 1;
    else if (answer.status < 300) {
      sent.accepted += 1;
      return toldBy(answer);
    } else if (answer.status === 503) sent.refused += 1;
    else throw new Error(`A message was answered ${String(answer.status)}: ${answer.text}`);
    return undefined;
  }
}

function toldBy(answer: Answer): Told {
  const { interactionId, case: kase } = answer.json<Told & { case?: { id: string } }>();
  return { interactionId, ...(kase ? { caseId: kase.id } : {}) };
}

const note = (logFile: string, acknowledged: Acknowledged): void => {
  appendFileSync(logFile, `${JSON.stringify(acknowledged)}\n`);
};

type Told = Pick<Acknowledged, "interactionId" | "caseId">;
