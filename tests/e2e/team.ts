/** People who attend to the cases of one campaign, through the gateway. */
import type { Answer } from "../system/http.ts";
import { expected } from "../system/system.ts";
import { startWorld } from "./world.ts";

interface Person {
  id: string;
  token: string;
}

/** Two agents and a supervisor of the campaign, and who has no part in it. */
export async function startTeam(more: NodeJS.ProcessEnv = {}) {
  const world = await startWorld(more);
  const { system, inbox } = world;
  const ask = (
    method: string,
    path: string,
    by: { token: string } = system,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    system.http(method, `/api/v1${path}`, { token: by.token, headers, ...(body ? { body } : {}) });
  const people = {
    agent: await world.aUser("agent"),
    colleague: await world.aUser("agent"),
    stranger: await world.aUser("agent"),
    supervisor: await world.aUser("supervisor"),
    administrator: await world.aUser("administrator"),
  };

  /** Takes on these agents, and no others. */
  const staff = async (...agents: Person[]) => {
    const body = agents.map(({ id: userId }) => ({ userId, channelIds: [inbox.channelId] }));
    expected(await ask("PUT", `/campaigns/${inbox.campaignId}/agents`, system, body), 200);
  };
  await staff(people.agent, people.colleague);
  const campaign = `/campaigns/${inbox.campaignId}`;
  expected(await ask("PUT", `${campaign}/options`, system, { queueAssignment: false }), 200);
  const supervisors = [people.supervisor.id];
  expected(await ask("PUT", `${campaign}/supervisors`, system, supervisors), 200);

  return { ...world, ...people, ask, staff };
}

export type Team = Awaited<ReturnType<typeof startTeam>>;

export const ifMatch = (version: number) => ({ "if-match": `"${String(version)}"` });
