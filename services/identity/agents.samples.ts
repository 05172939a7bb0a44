/** What the tests of agents' states begin with: a team in campaigns, and what it says and enters. */
import type { Broker } from "#shared/bus.ts";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import { notFound } from "#shared/errors.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { startRelay } from "#shared/events/relay.ts";
import { announced, as, standIn } from "#shared/testing/bus.ts";
import { testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { aUser, by, signIn } from "./builders.ts";

/** A user who has signed in. */
export async function present(bus: Broker, wanted: Parameters<typeof aUser>[1] = {}) {
  const { id, email } = await aUser(bus, wanted);
  const { accessToken, refreshToken } = await signIn(bus, email);
  const caller = await by(bus, accessToken);
  const sessionId = String(caller.meta.actor?.sessionId);
  return { id, email, caller, sessionId, accessToken, refreshToken };
}

/** Campaigns with the agents and the supervisors that the test says. */
export function campaignsOf(
  team: Record<string, { agents?: string[]; supervisors?: string[]; timeZone?: string }>,
) {
  const scope = (campaignId: string, role: CampaignScope["as"]): CampaignScope => ({
    campaignId,
    as: role,
    channelIds: [],
    agentsSeeAllCases: false,
    showOtherCampaigns: false,
  });
  return standIn("campaigns", {
    scopesOf: ({ params: { userId } }) =>
      Object.entries(team).flatMap(([id, { agents = [], supervisors = [] }]) => [
        ...(supervisors.includes(userId) ? [scope(id, "supervisor")] : []),
        ...(agents.includes(userId) ? [scope(id, "agent")] : []),
      ]),
    agentsOf: ({ params: { ids } }) => [...new Set(ids.flatMap((id) => team[id]?.agents ?? []))],
    namesOf: ({ params: { ids } }) =>
      ids.flatMap((id) => (team[id] ? [{ id, name: `Campaign ${id}` }] : [])),
    describe: ({ params: { id } }) => {
      const found = team[id];
      if (!found) throw notFound("campaign", id);
      return aCampaign(id, { timeZone: found.timeZone ?? "UTC" });
    },
  });
}

type Entered = { caseId: string; sessionId: string }[];

/** Tells identity, as cases does at once, what a user has entered. */
export const note = (bus: Broker, userId: string, enteredVersion: number, entered: Entered) =>
  bus.call("identity.noteEntered", { userId, enteredVersion, entered }, as("agent"));

/** A stream of events of cases, as if the cases service told them. */
export async function startTelling() {
  await prepare("cases", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("cases", testLogger());
  onTestFinished(() => relay.stop());
  return (event: "cases.entered" | "cases.left", data: object) =>
    write("cases", { meta: {} }, (tx) => {
      const aggregate = { kind: "visitor", id: newId(), version: 1 };
      tx.announce({ event, aggregate, data: data as never });
      return Promise.resolve();
    });
}

/** The states that a user came to, as they were announced. */
export const statesOf = async (userId: string) =>
  (await announced("identity", "identity.agentStateChanged"))
    .filter(({ data }) => data.userId === userId)
    .map(({ data: { state, reason } }) => (reason ? `${state} ${reason}` : state));
