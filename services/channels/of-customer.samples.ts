/** Channels with interactions of one customer, and cases of which some may be read; for tests. */
import type { ReadableCase } from "#shared/contracts/cases/for-neighbours.ts";
import { unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { keptOf } from "#shared/mongo/store.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import channelsService from "./channels.service.ts";
import { interactions, type KeptInteraction } from "./tables.store.ts";

export const agent = as("agent");

/** A day of March 2026. */
export const day = (of: number): Date => new Date(Date.UTC(2026, 2, of));

interface World {
  casesAreAway: boolean;
  /** Of which cases it was asked whether they may be read. */
  asked: string[][];
}

/** Channels beside cases of which some may be read, and customers that know all but "nobody". */
export async function start() {
  const readable: ReadableCase[] = [];
  const world: World = { casesAreAway: false, asked: [] };
  const bus = await startBus(channelsService, campaigns, everybody, casesShowing(readable, world));
  const customerId = newId();
  let seq = 0;

  return {
    bus,
    world,
    customerId,
    /** A case that may be read; of a campaign. */
    aReadableCase: (campaignId = "north"): ReadableCase => {
      const kase = { id: newId(), number: 1_000 + readable.length, campaignId };
      readable.push(kase);
      return kase;
    },
    aChannel: (name: string) =>
      bus.call(
        "channels.create",
        { name, type: "webchat", direction: "both", campaignId: newId() },
        as("administrator"),
      ),
    /** Keeps interactions of the customer as if they had always been there. */
    keep: async (...said: (Partial<KeptInteraction> & { at: Date })[]) => {
      const kept = said.map((one): KeptInteraction => {
        seq += 1;
        return { ...anInteraction(customerId, seq), ...one };
      });
      await interactions.native().insertMany(kept.map((one) => keptOf<KeptInteraction>(one)));
      return kept;
    },
  };
}

const campaigns = standIn("campaigns", {
  describe: ({ params: { id } }) => aCampaign(id),
  addChannel: () => undefined,
});

const everybody = standIn("customers", { identify: unmerged });

const casesShowing = (readable: readonly ReadableCase[], world: World) =>
  standIn("cases", {
    readable({ params: { ids } }) {
      if (world.casesAreAway) throw unavailable("away");
      world.asked.push(ids);
      return readable.filter(({ id }) => ids.includes(id));
    },
  });

const anInteraction = (customerId: string, seq: number): Omit<KeptInteraction, "at"> => ({
  id: newId(),
  seq,
  caseId: newId(),
  customerId,
  campaignId: "north",
  channelId: "chat",
  direction: "inbound",
  kind: "message",
  from: { type: "email", value: "ada@example.com" },
  text: "Hello",
  attachments: [],
  state: "filed",
});
