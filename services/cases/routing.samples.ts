/** An office for tests of routing: a campaign with its agents, as the neighbours tell of them. */
import type { Announcement } from "#shared/events/outbox.ts";
import type { Campaign, CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Channel } from "#shared/contracts/channels.ts";
import type { EventName } from "#shared/bus.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import cases from "./cases.service.ts";
import { aCampaign } from "./creation.samples.ts";
import type { AgentState } from "./routing.rules.ts";
import { cases as table } from "./tables.store.ts";

export const administrator = as("administrator");
export const chat = "chat-1";
export const phone = "phone-1";

type Options = Partial<Campaign["options"]>;

interface Said {
  agents?: Campaign["agents"];
  options?: Options;
  routingStrategy?: Campaign["routingStrategy"];
  /** Who attends which customer. */
  owners?: Record<string, string>;
  /** Who works in a campaign that is linked to the call queue of this one. */
  linkedAgents?: Campaign["agents"];
}

/** A campaign of its own for each test, with a chat and a telephone. */
export function anOffice(said: Said = {}) {
  const { agents = [], options = {}, owners = {}, linkedAgents = [], ...rest } = said;
  const usual = aCampaign();
  const campaign: Campaign = {
    ...usual,
    ...{ id: newId(), channelIds: [chat, phone], agents, ...rest },
    options: { ...usual.options, ...options },
  };
  const linked: Campaign = {
    ...{ ...usual, id: newId(), agents: linkedAgents },
    options: { ...usual.options, linkedCallQueues: [campaign.id] },
  };
  const neighbours = [
    standIn("campaigns", {
      describe: ({ params: { id } }) => (id === linked.id ? linked : campaign),
      scopesOf: ({ params: { userId } }) => [
        ...scopesIn(campaign, userId),
        ...scopesIn(linked, userId).map((scope) => ({
          ...{ ...scope, campaignId: campaign.id, channelIds: [], isLinked: true },
        })),
      ],
    }),
    standIn("customers", {
      ownersOf: ({ params: { customerIds } }) =>
        customerIds.flatMap((customerId) => {
          const userId = owners[customerId];
          return userId ? [{ customerId, userId }] : [];
        }),
    }),
    standIn("identity", {
      namesOf: ({ params: { ids } }) =>
        ids.map((id) => ({ id, name: `Agent ${id}`, role: "agent", disabled: false })),
    }),
    standIn("channels", {
      describe: ({ params: { ids } }) => ids.map((id) => aChannel(id, campaign)),
    }),
  ];
  return { campaign, linked, neighbours, start: () => start(campaign, neighbours) };
}

const scopesIn = ({ id, agents, options }: Campaign, userId: string): CampaignScope[] =>
  agents.flatMap((agent) => {
    if (agent.userId !== userId) return [];
    const { agentsSeeAllCases, showOtherCampaigns } = options;
    const { channelIds } = agent;
    return [{ campaignId: id, as: "agent", channelIds, agentsSeeAllCases, showOtherCampaigns }];
  });

const aChannel = (id: string, { id: campaignId, createdAt, updatedAt }: Campaign): Channel => ({
  ...{ id, campaignId, name: id, direction: "inbound", enabled: true },
  ...{ type: id === phone ? "telephony" : "webchat", version: 1, createdAt, updatedAt },
});

async function start(campaign: Campaign, neighbours: Parameters<typeof startBus>) {
  const bus = await startBus(cases, ...neighbours);
  for (const service of ["identity", "campaigns"] as const) {
    await prepare(service, [outboxTable, inboxTable, commandsTable]);
    const relay = await startRelay(service, testLogger());
    onTestFinished(() => relay.stop());
  }
  return { bus, ...tellers(campaign), holderOf, handovers };
}

/** Tells what happened, as the neighbours do. */
function tellers(campaign: Campaign) {
  const tell = <E extends EventName<"identity"> | EventName<"campaigns">>(
    service: "identity" | "campaigns",
    announcement: Announcement<E>,
  ) =>
    write(service, administrator, (tx) => {
      tx.announce(announcement as never);
      return Promise.resolve();
    });
  return {
    turn: (userId: string, state: AgentState, since = new Date()) =>
      tell("identity", {
        event: "identity.agentStateChanged",
        aggregate: { kind: "agent", id: userId, version: 1 },
        data: { userId, state, since },
      }),
    disable: (id: string) =>
      tell("identity", {
        event: "identity.userChanged",
        aggregate: { kind: "user", id, version: 2 },
        data: { id, role: "agent", disabled: true },
      }),
    change: (now: Partial<Campaign>, changed = campaign) => {
      Object.assign(changed, now, { version: changed.version + 1 });
      const { id, agents, version } = changed;
      return tell("campaigns", {
        event: "campaigns.agentsSet",
        aggregate: { kind: "campaign", id, version },
        data: { id, agents },
      });
    },
  };
}

/** Who has a case; undefined while nobody has. */
async function holderOf(id: string): Promise<string | undefined> {
  return (await table.native().findOne({ _id: id }))?.assigneeId;
}

/** How a case changed hands, in order. */
const handovers = async (id: string) =>
  (await announced("cases", "cases.assigned"))
    .filter(({ data }) => data.id === id)
    .map(({ data: { assigneeId, how } }) => [how, assigneeId]);
