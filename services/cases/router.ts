/** The router: one replica at a time keeps the queues moving, woken by news and every second. */
import type { Logger } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { bells } from "#shared/events/bell.ts";
import { faultOf, holdLease, pause, type Lease } from "#shared/events/lease.ts";
import { write } from "#shared/mongo/write.ts";
import { asCampaign, type KnownCampaign } from "./agents.rules.ts";
import { findCampaign, isAnybodyAtWork, learnCampaign } from "./agents.store.ts";
import { Superseded } from "./assigning.store.ts";
import { queueOfLine } from "./lines.rules.ts";
import { waitingLines } from "./queue.store.ts";
import { releaseDue } from "./releasing.ts";
import { routeSome } from "./routing.ts";

/** What was opened, or who came, in another replica is found this late. */
const sweepMs = 1_000;
/** News that come together are looked at together. */
const gatherMs = 20;

const news = bells();

/** Tells the router of this process, if it is the one at work, that there is news. */
export const wakeRouter = news.ring;

/** Routes while this replica holds the lease for it. */
export function startRouter(broker: Broker, logger: Logger): Lease {
  const work = (held: AbortSignal) => run(broker, logger, held);
  return holdLease({ service: "cases", role: "router", logger, work });
}

async function run(broker: Broker, logger: Logger, held: AbortSignal): Promise<void> {
  const alarm = news.hang(held);
  const cursors: Cursors = new Map();
  let failures = 0;
  while (!held.aborted) {
    try {
      await releaseDue(new Date());
      await routeOn(broker, cursors, held);
      failures = 0;
    } catch (error) {
      if (failures === 0) logger.warn("Waiting cases are routed later", faultOf(error));
      failures += 1;
    }
    await alarm.wait(sweepMs);
    await pause(failures > 0 ? sweepMs : gatherMs, held);
  }
}

/** Round after round, until there is nothing more to do now. */
async function routeOn(broker: Broker, cursors: Cursors, held: AbortSignal): Promise<void> {
  let more = true;
  while (more && !held.aborted) more = await routeAll(broker, cursors);
}

/** Where the next round of a campaign goes on. */
type Cursors = Map<string, string>;

/**
 * One round for each campaign in which cases wait; answers whether there is more to do now.
 * @throws what kept a campaign's round from being done, once the others' are
 */
async function routeAll(broker: Broker, cursors: Cursors): Promise<boolean> {
  if (!(await isAnybodyAtWork())) return false;
  const faults: unknown[] = [];
  let more = false;
  for (const [campaignId, channelIds] of byCampaign(await waitingLines())) {
    try {
      const campaign = await knownCampaign(broker, campaignId);
      const round = await routeSome(broker, {
        campaign,
        channelIds,
        cursor: cursors.get(campaignId),
      });
      cursors.delete(campaignId);
      if (round.cursor) cursors.set(campaignId, round.cursor);
      more ||= round.more;
    } catch (error) {
      if (error instanceof Superseded) more = true;
      else faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return more;
}

function byCampaign(lines: readonly string[]): Map<string, string[]> {
  const channels = new Map<string, string[]>();
  for (const line of lines) {
    const { campaignId, channelId = "" } = queueOfLine(line);
    channels.set(campaignId, [...(channels.get(campaignId) ?? []), channelId]);
  }
  return channels;
}

/** A campaign of which no event has told is asked for once. */
async function knownCampaign(broker: Broker, campaignId: string): Promise<KnownCampaign> {
  const known = await findCampaign(campaignId);
  if (known) return known;
  const now = await broker.call("campaigns.describe", { id: campaignId });
  const { decided } = await write("cases", { meta: {} }, (tx) =>
    learnCampaign(campaignId, (meanwhile) => asCampaign(meanwhile, now), tx.session),
  );
  return decided;
}
