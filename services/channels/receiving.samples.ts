/** Channels with neighbours that answer as the contracts say, and can be away; for tests. */
import type { Filed, Filing } from "#shared/contracts/cases.ts";
import type { ChannelType } from "#shared/contracts/channels.ts";
import type { Sender } from "#shared/contracts/customers/customer.ts";
import type { ReceivedMessage } from "#shared/contracts/interactions.ts";
import { unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import channelsService from "./channels.service.ts";

const campaigns = standIn("campaigns", {
  describe: (ctx) => aCampaign(ctx.params.id),
  addChannel: () => undefined,
  scopesOf: () => [],
});

interface World {
  caseId: string;
  filed: string[];
  /** What the neighbours were asked. */
  filings: Filing[];
  senders: Sender[];
  away: boolean;
}

/** Neighbours that answer as the contracts say, and can be away. */
function neighbours(world: World) {
  const customers = standIn("customers", {
    resolve(ctx) {
      if (world.away) throw unavailable("away");
      world.senders.push(...ctx.params.senders);
      return ctx.params.senders.map(({ value }) => ({
        isNew: true,
        blocked: value.startsWith("blocked"),
        ...(value.startsWith("blocked") ? {} : { customerId: "ada" }),
      }));
    },
  });
  const cases = standIn("cases", {
    file(ctx): Filed[] {
      world.filings.push(...ctx.params.filings);
      return ctx.params.filings.map(({ interactionId }) => {
        if (!world.filed.includes(interactionId)) world.filed.push(interactionId);
        const seq = world.filed.indexOf(interactionId) + 1;
        return { interactionId, caseId: world.caseId, number: 1001, seq, isNew: seq === 1 };
      });
    },
  });
  return [customers, cases];
}

export async function start(type: ChannelType = "webchat") {
  const world: World = { caseId: newId(), filed: [], filings: [], senders: [], away: false };
  const bus = await startBus(channelsService, campaigns, ...neighbours(world));
  const admin = as("administrator");
  const make = (more: object = {}) =>
    bus.call(
      "channels.create",
      { name: newId(), type, direction: "both", campaignId: newId(), ...more },
      admin,
    );
  const channel = await make();
  const receive = (message: ReceivedMessage, waitMs?: number, id = channel.id) =>
    bus.call("channels.receive", { id, ...message, ...(waitMs === undefined ? {} : { waitMs }) });
  return { bus, world, channel, make, receive };
}

export const aMessage = (more: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  externalId: newId(),
  from: { type: "email", value: "ada@example.com", name: "Ada" },
  text: "No signal",
  ...more,
});

export const shop = { type: "phone" as const, value: "+34911222333" };
export const ada = { type: "mobile" as const, value: "+34600111222", name: "Ada" };

export const aCall = (more: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  ...{ externalId: newId(), kind: "call", from: ada, call: { state: "ringing" } },
  ...more,
});
