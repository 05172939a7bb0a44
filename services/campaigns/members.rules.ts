/** Who and what belongs to a campaign: channels, agents and supervisors. */
import type { Campaign, CampaignAgent } from "#shared/contracts/campaigns.ts";
import type { Channel } from "#shared/contracts/channels.ts";
import type { FieldFault } from "#shared/errors.ts";
import { fault, refuse, repeated } from "./faults.rules.ts";

/** A user as identity tells of one. */
export interface Person {
  id: string;
  role: "administrator" | "supervisor" | "agent";
  disabled: boolean;
}

/** How many channels a campaign has at most. */
export const mostChannels = 200;

/**
 * The campaign with these channels (F197); one that leaves is taken from the agents too.
 * @param known the channels that exist
 * @throws 422 naming each that does not exist, is there twice, or takes in messages for another
 *   campaign: such a channel can be shared only if it can be written through
 */
export function withChannels(
  current: Campaign,
  channelIds: readonly string[],
  known: readonly Pick<Channel, "id" | "campaignId" | "direction">[],
): Campaign {
  refuse([...twice(channelIds), ...channelIds.flatMap(strangeChannel)]);
  return {
    ...current,
    channelIds: [...channelIds],
    agents: current.agents.map((agent) => ({
      ...agent,
      channelIds: agent.channelIds.filter((id) => channelIds.includes(id)),
    })),
  };

  function strangeChannel(id: string, place: number): FieldFault[] {
    const channel = known.find((one) => one.id === id);
    if (!channel) return [fault(`items[${place}]`, "is not a channel", "unknown")];
    return channel.campaignId === current.id || channel.direction !== "inbound"
      ? []
      : [fault(`items[${place}]`, "takes in messages for another campaign", "otherCampaign")];
  }
}

/** The campaign with one channel more; as it is where the channel is there. */
export const withChannel = (current: Campaign, channelId: string): Campaign =>
  current.channelIds.includes(channelId)
    ? current
    : { ...current, channelIds: [...current.channelIds, channelId] };

/**
 * The campaign with these agents, each on some of its channels (F198).
 * @throws 422 naming each who is unknown, disabled, no agent or there twice, and each channel that
 *   is not the campaign's
 */
export function withAgents(
  current: Campaign,
  agents: readonly CampaignAgent[],
  people: readonly Person[],
): Campaign {
  const ids = agents.map(({ userId }) => userId);
  refuse([
    ...twice(ids, ".userId"),
    ...unfit(ids, people, ["agent"], ".userId"),
    ...agents.flatMap(({ channelIds }, place) => strangeChannels(current, channelIds, place)),
  ]);
  return { ...current, agents: [...agents] };
}

const strangeChannels = (
  { channelIds: own }: Campaign,
  channelIds: readonly string[],
  agent: number,
): FieldFault[] => {
  const path = (place: number) => `items[${agent}].channelIds[${place}]`;
  return [
    ...repeated(channelIds).map((place) => fault(path(place), "is there twice", "duplicate")),
    ...channelIds.flatMap((id, place) =>
      own.includes(id) ? [] : [fault(path(place), "is not a channel of the campaign", "unknown")],
    ),
  ];
};

/**
 * The campaign with these supervisors (F199).
 * @throws 422 naming each who is unknown, disabled, there twice, or neither supervisor nor
 *   administrator
 */
export function withSupervisors(
  current: Campaign,
  supervisorIds: readonly string[],
  people: readonly Person[],
): Campaign {
  refuse([
    ...twice(supervisorIds),
    ...unfit(supervisorIds, people, ["supervisor", "administrator"]),
  ]);
  return { ...current, supervisorIds: [...supervisorIds] };
}

const twice = (ids: readonly string[], field = ""): FieldFault[] =>
  repeated(ids).map((place) => fault(`items[${place}]${field}`, "is there twice", "duplicate"));

const unfit = (
  ids: readonly string[],
  people: readonly Person[],
  roles: readonly Person["role"][],
  field = "",
): FieldFault[] => {
  const byId = new Map(people.map((person) => [person.id, person]));
  return ids.flatMap((id, place) => {
    const wrong = whyUnfit(byId.get(id), roles);
    return wrong ? [fault(`items[${place}]${field}`, ...wrong)] : [];
  });
};

function whyUnfit(
  person: Person | undefined,
  roles: readonly Person["role"][],
): [message: string, code: string] | undefined {
  if (!person) return ["is not a user", "unknown"];
  if (!roles.includes(person.role)) return [`must have the role ${roles.join(" or ")}`, "role"];
  return person.disabled ? ["is a disabled user", "disabled"] : undefined;
}
