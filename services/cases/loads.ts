/** What agents have to do at present, and by which kinds of channels: what routing weighs (G06, G07). */
import type { Broker } from "#shared/bus.ts";
import type { ChannelType } from "#shared/contracts/channels/types.ts";
import type { KnownAgent, KnownCampaign } from "./agents.rules.ts";
import { openCasesByChannel, openCasesOf } from "./queue.store.ts";
import type { Settings, Worker } from "./routing.rules.ts";

/** The types of channels, by id; of those that matter. */
export type ChannelTypes = ReadonlyMap<string, ChannelType>;

/** What one agent has. */
export type Load = Pick<Worker, "openCases" | "openByType">;

interface Asked {
  settings: Settings;
  linked: readonly KnownCampaign[];
  channelIds: readonly string[];
  atWork: readonly KnownAgent[];
}

/**
 * What the agents have, and of which types the channels are: asked only where that makes a
 * difference (F207, F208, `channelCapacities`).
 */
export async function factsOf(
  broker: Broker,
  { settings, linked, channelIds, atWork }: Asked,
): Promise<{ types: ChannelTypes; loads: Map<string, Load> }> {
  const userIds = atWork.map(({ id }) => id);
  if (Object.keys(settings.channelCapacities ?? {}).length > 0) {
    const rows = await openCasesByChannel(userIds);
    const ids = [...channelIds, ...rows.map(({ channelId }) => channelId)];
    const types = await typesOf(broker, ids);
    return { types, loads: byType(rows, types) };
  }
  const tellsCalls = settings.allowCallsWhileBusy || linked.length > 0;
  const types = tellsCalls ? await typesOf(broker, channelIds) : new Map<string, ChannelType>();
  const counts = await openCasesOf(userIds);
  const loads = [...counts].map(([id, openCases]): [string, Load] => [
    id,
    { openCases, openByType: {} },
  ]);
  return { types, loads: new Map(loads) };
}

function byType(
  rows: Awaited<ReturnType<typeof openCasesByChannel>>,
  types: ChannelTypes,
): Map<string, Load> {
  const loads = new Map<string, Load>();
  for (const { userId, channelId, count } of rows) {
    const { openCases, openByType } = loads.get(userId) ?? { openCases: 0, openByType: {} };
    const type = types.get(channelId);
    loads.set(userId, {
      openCases: openCases + count,
      openByType: type ? { ...openByType, [type]: (openByType[type] ?? 0) + count } : openByType,
    });
  }
  return loads;
}

/** As many channels as one call may ask about. */
const atOnce = 500;

/** Cases made by hand have no channel: "". */
async function typesOf(broker: Broker, channelIds: readonly string[]): Promise<ChannelTypes> {
  const ids = [...new Set(channelIds)].filter(Boolean);
  const types = new Map<string, ChannelType>();
  for (let from = 0; from < ids.length; from += atOnce) {
    const found = await broker.call("channels.describe", { ids: ids.slice(from, from + atOnce) });
    for (const { id, type } of found) types.set(id, type);
  }
  return types;
}
