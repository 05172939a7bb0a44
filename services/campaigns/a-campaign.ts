/** What the tests of campaigns begin with: people, channels, and how refusals look. */
import type { Channel } from "#shared/contracts/channels.ts";
import { newId } from "#shared/ids.ts";

const person = (role: "administrator" | "supervisor" | "agent", disabled = false) => ({
  id: newId(),
  name: `A ${role}`,
  role,
  disabled,
});

export const [ana, bo, disabledAgent] = [person("agent"), person("agent"), person("agent", true)];
export const [rosa, disabledSupervisor] = [person("supervisor"), person("supervisor", true)];
export const ada = person("administrator");

/** Those of these users that exist, as identity answers. */
export const namesOf = ({ params }: { params: { ids: string[] } }) =>
  [ana, bo, disabledAgent, rosa, disabledSupervisor, ada].filter(({ id }) =>
    params.ids.includes(id),
  );

const known: Channel[] = [];

/** Those of the channels made by `aChannel` that are asked for, as channels answers. */
export const describeChannels = ({ params }: { params: { ids: string[] } }) =>
  known.filter(({ id }) => params.ids.includes(id));

/** A channel that exists; inbound unless said otherwise. */
export function aChannel(campaignId: string, more: Partial<Channel> = {}): Channel {
  const channel: Channel = {
    id: newId(),
    name: "Mail",
    type: "email",
    direction: "inbound",
    campaignId,
    enabled: true,
    version: 1,
    createdAt: new Date(),
    updatedAt: new Date(),
    ...more,
  };
  known.push(channel);
  return channel;
}

/** A refusal that names these fields, in this order. */
export const refusedAt = (...paths: string[]) => ({
  code: 422,
  type: "VALIDATION_ERROR",
  data: { errors: paths.map((path) => ({ path })) },
});
