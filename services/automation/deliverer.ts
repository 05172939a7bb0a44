/**
 * Makes the calls of webhooks, in one replica at a time: again until each was taken, always under
 * the same id, by which a receiver knows one that comes twice.
 */
import type { Logger } from "moleculer";
import { bells } from "#shared/events/bell.ts";
import { faultOf, holdLease, type Lease } from "#shared/events/lease.ts";
import { hostsInside } from "#shared/public-addresses.ts";
import { AskingFailed, tellPublicly } from "#shared/public-requests.ts";
import type { KeptDelivery } from "./deliveries.store.ts";
import * as store from "./deliveries.store.ts";
import { signed } from "./signing.ts";
import { settled, type Attempt } from "./webhooks.rules.ts";
import { forSigning } from "./webhooks.store.ts";

const sweepMs = 500;
/** A slow receiver keeps at most one of these from the others. */
const abreast = 8;
/** Longer than any attempt takes. */
const strayMs = 60_000;

const news = bells();

/** Tells the deliverer of this process, if it is the one at work, that there is a call to make. */
export const wakeDeliverer = news.ring;

export const startDeliverer = (logger: Logger): Lease =>
  holdLease({
    service: "automation",
    role: "webhooks",
    logger,
    async work(held) {
      await Promise.all(Array.from({ length: abreast }, () => deliverAll(logger, held)));
    },
  });

async function deliverAll(logger: Logger, held: AbortSignal): Promise<void> {
  const alarm = news.hang(held);
  while (!held.aborted) {
    const found = await deliverNext().catch((error: unknown) => {
      logger.warn("A webhook is called later", faultOf(error));
      return false;
    });
    if (!found) await alarm.wait(sweepMs);
  }
}

/** Makes the next call that is due; false where there is none. */
async function deliverNext(): Promise<boolean> {
  const now = new Date();
  const delivery = await store.take(now, new Date(now.getTime() + strayMs));
  if (!delivery) return false;
  const attempt = await attempted(delivery);
  const ended = new Date();
  await store.settle(delivery, settled(attempt, delivery.attempts, ended), ended);
  return true;
}

async function attempted({ id, webhookId, body }: KeptDelivery): Promise<Attempt> {
  const webhook = await forSigning(webhookId);
  if (!webhook?.enabled) return { fault: "disabled" };
  const headers = signed({ id, body, secret: webhook.secret }, new Date());
  try {
    return {
      status: await tellPublicly(webhook.url, { body, headers }, { inside: hostsInside() }),
    };
  } catch (error) {
    if (error instanceof AskingFailed) return { fault: error.reason };
    throw error;
  }
}
