/** What tests of sending begin with: channels of a campaign, a case to send from, and its customer. */
import { randomUUID } from "node:crypto";
import type { CampaignOptions } from "#shared/contracts/campaigns/options.ts";
import type { SentFiling } from "#shared/contracts/cases/sending.ts";
import type { ChannelType } from "#shared/contracts/channels.ts";
import type { ContactPoint } from "#shared/contracts/customers/customer.ts";
import { conflict, unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import channelsService from "./channels.service.ts";

type Point = ContactPoint & { blocked: boolean };

const point = (type: Point["type"], value: string, more: Partial<Point> = {}): Point => ({
  ...{ id: newId(), type, value, createdAt: new Date(), blocked: false, ...more },
});

/** What the neighbours say, as a test wants it. */
function aWorld() {
  return {
    campaignId: newId(),
    caseId: newId(),
    customerId: newId(),
    channelIds: [] as string[],
    agents: [] as { userId: string; channelIds: string[] }[],
    options: {} as Partial<CampaignOptions>,
    points: {
      email: point("email", `ada-${randomUUID()}@example.com`),
      mobile: point("mobile", "+34600111222"),
      postal: point("postal", "1 Main Street"),
    },
    files: [] as { id: string; name: string; contentType: string; size: number }[],
    signature: undefined as string | undefined,
    blocked: [] as string[],
    isClosed: false,
    isAway: false,
    filed: [] as string[],
    filings: [] as SentFiling[],
  };
}

export type World = ReturnType<typeof aWorld>;

const casesOf = (world: World) =>
  standIn("cases", {
    sendable() {
      if (world.isClosed) throw conflict("CASE_CLOSED", "Case 1042 is closed");
      const { caseId: id, campaignId, customerId } = world;
      return { id, number: 1042, campaignId, customerId };
    },
    fileSent({ params }) {
      if (world.isAway) throw unavailable("away");
      if (world.isClosed) throw conflict("CASE_CLOSED", "Case 1042 is closed");
      world.filings.push(params);
      const { interactionId } = params;
      if (!world.filed.includes(interactionId)) world.filed.push(interactionId);
      const { caseId, customerId, campaignId } = world;
      const seq = world.filed.indexOf(interactionId) + 1;
      return { caseId, number: 1042, seq, customerId, campaignId };
    },
    access: ({ params: { id } }) => ({
      ...{ id, number: 1042, campaignId: world.campaignId, customerId: world.customerId },
      closed: false,
    }),
  });

function neighbours(world: World) {
  const campaigns = standIn("campaigns", {
    describe: ({ params: { id } }) => {
      const campaign = aCampaign(id, { channelIds: world.channelIds, agents: world.agents });
      return { ...campaign, options: { ...campaign.options, ...world.options } };
    },
    addChannel: ({ params: { channelId } }) => void world.channelIds.push(channelId),
    scopesOf: () => [],
  });
  const customers = standIn("customers", {
    listContactPoints: () => ({ items: Object.values(world.points), version: 1 }),
    blockedAmong: ({ params: { keys } }) => keys.filter((key) => world.blocked.includes(key)),
  });
  const files = standIn("files", {
    describe: ({ params: { ids } }) =>
      world.files
        .filter(({ id }) => ids.includes(id))
        .map((file) => ({ ...file, sha256: "x", createdAt: new Date() })),
  });
  const identity = standIn("identity", {
    me: (ctx) => ({
      id: String(ctx.meta.actor?.id),
      ...{ email: "bo@example.com", name: "Bo", role: "agent" as const, language: "en" as const },
      ...{
        permissions: [],
        disabled: false,
        version: 1,
        createdAt: new Date(),
        updatedAt: new Date(),
      },
      ...(world.signature === undefined ? {} : { signature: world.signature }),
    }),
  });
  return [casesOf(world), campaigns, customers, files, identity];
}

/** The channels service with neighbours, and a channel of a type that sends. */
export async function startSending(type: ChannelType = "whatsapp") {
  const world = aWorld();
  const bus = await startBus(channelsService, ...neighbours(world));
  const admin = as("administrator");
  const make = (more: object = {}) =>
    bus.call(
      "channels.create",
      { name: newId(), type, direction: "both", campaignId: world.campaignId, ...more },
      admin,
    );
  const channel = await make();
  const agent = as("agent");
  const connector = as("connector", { channelId: channel.id });
  const toCustomer = {
    contactPointId: type === "email" ? world.points.email.id : world.points.mobile.id,
  };
  return {
    ...{ bus, world, channel, make, agent, admin, connector },
    send: (said: object = {}, who = agent) =>
      bus.call(
        "channels.send",
        {
          id: world.caseId,
          channelId: channel.id,
          ...("to" in said ? {} : toCustomer),
          ...(type === "telephony" ? { kind: "call" } : { text: "Good day" }),
          ...said,
        },
        who,
      ),
    /** What became of something sent. */
    read: (id: string) => bus.call("channels.getInteraction", { id }, admin),
    take: (limit = 100) => bus.call("channels.takeOutbound", { id: channel.id, limit }, connector),
    report: (...receipts: object[]) =>
      bus.call("channels.report", { id: channel.id, receipts: receipts as never }, connector),
  };
}
