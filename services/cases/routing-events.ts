/** What routing hears of agents and campaigns. */
import type { Service } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import type { Tx } from "#shared/mongo/write.ts";
import { asCampaign, asUser, inState, unlinkedBy } from "./agents.rules.ts";
import { learnAgent, learnCampaign, leave } from "./agents.store.ts";
import { wakeRouter } from "./router.ts";

type CampaignEvent =
  | "campaigns.created"
  | "campaigns.changed"
  | "campaigns.channelsSet"
  | "campaigns.agentsSet"
  | "campaigns.optionsSet";

/** Keeps the campaign as it is by now, which may be later than the event. */
async function followCampaign(
  this: Service,
  { data: { id } }: DomainEvent<CampaignEvent>,
  { session }: Tx<"cases">,
): Promise<void> {
  const broker = this.broker as unknown as Broker;
  const now = await broker.call("campaigns.describe", { id });
  const { known, decided } = await learnCampaign(id, (one) => asCampaign(one, now), session);
  for (const unlinked of unlinkedBy(known, decided)) await leave(unlinked, session);
  wakeRouter();
}

export const routingEvents = {
  "campaigns.created": followCampaign,
  "campaigns.changed": followCampaign,
  "campaigns.channelsSet": followCampaign,
  "campaigns.agentsSet": followCampaign,
  "campaigns.optionsSet": followCampaign,

  async "identity.agentStateChanged"(
    { data }: DomainEvent<"identity.agentStateChanged">,
    { session }: Tx<"cases">,
  ) {
    const graceMs = config().OFFLINE_GRACE_MS;
    await learnAgent(data.userId, (known) => inState(known, data, graceMs), session);
    wakeRouter();
  },

  async "identity.userChanged"(
    { data, aggregate: { version } }: DomainEvent<"identity.userChanged">,
    { session }: Tx<"cases">,
  ) {
    const { id, disabled, role } = data;
    const user = { id, version, isOut: disabled || role !== "agent" };
    await learnAgent(id, (known) => asUser(known, user, new Date()), session);
    wakeRouter();
  },
};
