/** How long it takes to assign a case: 500 agents, 50,000 cases in the queue, each strategy. */
import type { Broker } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import { CampaignOptions, type Campaign } from "#shared/contracts/campaigns.ts";
import { newId } from "#shared/ids.ts";
import { connect, disconnect } from "#shared/mongo/connection.ts";
import { prepare } from "#shared/mongo/store.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { lineOfQueue } from "../services/cases/lines.rules.ts";
import { routeSome } from "../services/cases/routing.ts";
import * as tables from "../services/cases/tables.store.ts";
import { measured } from "./figures.ts";

const channelId = "chat";
const agentCount = 500;
const waitingCount = 50_000;
const strategies: Campaign["routingStrategy"][] = [
  ...(["random", "longestAvailable", "mostRecentlyAvailable"] as const),
  ...(["roundRobin", "leastOccupied", "weighted"] as const),
];

/** Whom no neighbour is asked about: nobody attends these customers. */
const nobodyThere = { call: () => Promise.resolve([]) } as unknown as Broker;

/** Prints a row for each strategy: milliseconds for one case alone, and for 50 in one round. */
export async function benchRouting(seconds: number, tell: (line: string) => void): Promise<void> {
  await connect();
  try {
    await prepare("cases", [outboxTable]);
    tell(`${String(agentCount)} agents, ${String(waitingCount)} cases wait; ${config().NAMESPACE}`);
    tell(
      "strategy               | cases | p50 ms | p95 ms | p99 ms | cases/s | least-most of an agent",
    );
    for (const strategy of strategies) {
      for (const limit of [1, 50]) tell(await row(strategy, limit, seconds));
    }
  } finally {
    await disconnect();
  }
}

async function row(
  routingStrategy: Campaign["routingStrategy"],
  limit: number,
  seconds: number,
): Promise<string> {
  const campaign = await anOffice(routingStrategy);
  const queue = { campaign, channelIds: [channelId], limit };
  const { p50, p95, p99, perSecond } = await measured(
    () => routeSome(nobodyThere, queue),
    1,
    seconds,
  );
  const shares = await tables.cases
    .native()
    .aggregate<{ count: number }>([
      { $match: { campaignId: campaign.id, assigneeId: { $exists: true } } },
      { $group: { _id: "$assigneeId", count: { $sum: 1 } } },
    ])
    .toArray();
  const counts = shares.map(({ count }) => count).concat(shares.length < agentCount ? [0] : []);
  const figures = [limit, p50, p95, p99, Math.round(perSecond * limit)].join(" | ");
  return `${routingStrategy.padEnd(22)} | ${figures} | ${String(Math.min(...counts))}-${String(Math.max(...counts))}`;
}

/** A campaign with its agents, all available, and its queue. */
// eslint-disable-next-line max-lines-per-function -- rows as they are kept
async function anOffice(routingStrategy: Campaign["routingStrategy"]) {
  const now = new Date();
  await Promise.all([tables.cases.native().deleteMany(), tables.agents.native().deleteMany()]);
  const ids = Array.from({ length: agentCount }, newId);
  const options = Object.fromEntries(
    Object.entries(CampaignOptions).map(([name, field]) => [name, field["default"]]),
  ) as Campaign["options"];
  const campaign = {
    ...{ id: newId(), version: 1, enabled: true, routingStrategy, leaving: [] },
    options: { ...options, capacity: 1_000 },
    agents: ids.map((userId, place) => ({
      ...{ userId, channelIds: [channelId], weight: 1 + (place % 4) },
    })),
  };
  const { id: campaignId, ...rest } = campaign;
  await tables.campaigns.native().insertOne({ _id: campaignId, ...rest, holds: 0 });
  await tables.agents.native().insertMany(
    ids.map((_id, place) => ({
      ...{ _id, state: "available" as const, since: new Date(now.getTime() - place) },
      ...{ isOut: false, userVersion: 1, lastAssignedAt: 0, holds: 0 },
    })),
  );
  const line = lineOfQueue(campaignId, channelId);
  for (let made = 0; made < waitingCount; made += 5_000) {
    await tables.cases.native().insertMany(
      Array.from({ length: 5_000 }, (_, place) => ({
        ...{
          _id: newId(),
          number: made + place + 1,
          status: "new" as const,
          line,
          rank: 2,
          active: true,
        },
        ...{ priority: "medium" as const, description: "", campaignId, customerId: newId() },
        ...{ channelId, interactionCount: 1, unreadCount: 1, version: 1, searchWords: [] },
        ...{ createdAt: new Date(now.getTime() - made - place), updatedAt: now, active: true },
      })),
    );
  }
  return campaign;
}
