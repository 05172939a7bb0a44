/** Taking a case by hand (G07, B10): one winner, and every reason to refuse. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { as } from "#shared/testing/bus.ts";
import { aCase, keep } from "./a-case.ts";
import { administrator, anOffice, chat, phone } from "./routing.samples.ts";

const newIds = (count: number) => Array.from({ length: count }, newId);

/** Agents on the chat of a campaign whose cases are taken by hand, and one case there. */
async function startWithCase(said: Partial<Case> = {}, agentCount = 2) {
  const ids = newIds(agentCount);
  const { campaign, start } = anOffice({
    agents: ids.map((userId) => ({ userId, channelIds: [chat] })),
    options: { queueAssignment: false },
  });
  const office = await start();
  const [kase] = await keep(aCase({ campaignId: campaign.id, channelId: chat, ...said }));
  const { id, number } = kase!;
  const take = (userId: string, bus = office.bus) =>
    bus.call("cases.take", { id }, as("agent", { id: userId }));
  return { ...office, ids, id, number, take, start };
}

test.each([1, 2])(
  "G07, B10: of 100 agents who take one case at once through %i replicas one wins, 99 hear who",
  async (replicas) => {
    const { bus, ids, id, number, take, handovers, start } = await startWithCase({}, 100);
    const doors = replicas === 1 ? [bus] : [bus, (await start()).bus];

    const outcomes = await Promise.allSettled(
      ids.map((userId, place) => take(userId, doors[place % replicas])),
    );

    const winners = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(winners).toHaveLength(1);
    const { assigneeId } = winners[0] as Case;
    const losers = outcomes.flatMap((one) =>
      one.status === "rejected" ? [one.reason as unknown] : [],
    );
    expect(losers).toHaveLength(99);
    for (const loser of losers) {
      expect(loser).toMatchObject({
        code: 409,
        type: "CASE_TAKEN",
        data: { number, assigneeId, assigneeName: `Agent ${String(assigneeId)}` },
      });
    }
    expect(await handovers(id)).toEqual([["take", assigneeId]]);
  },
);

test("G07, G04: who has taken a case sees it, others no longer do; taking it again is as once", async () => {
  const { bus, ids, id, take, handovers } = await startWithCase();
  const [ada, bo] = ids as [string, string];

  const taken = await take(ada);
  const again = await take(ada);

  expect(taken).toMatchObject({ id, assigneeId: ada, version: 2, updatedBy: ada });
  expect(again).toEqual(taken);
  expect(await handovers(id)).toHaveLength(1);
  const read = bus.call("cases.get", { id }, as("agent", { id: bo }));
  await expect(read).rejects.toMatchObject({ code: 404 });
});

test("D04: a closed case is not taken", async () => {
  const { ids, take } = await startWithCase({ status: "closed" });

  await expect(take(ids[0]!)).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
});

test("G04, G07: who has no part in the campaign, or is not on the channel, finds no case", async () => {
  const { ids, take } = await startWithCase({ channelId: phone });

  await expect(take(newId())).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  await expect(take(ids[0]!)).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});

test("G07: who sees all cases of a campaign still takes only those of the own channels", async () => {
  const userId = newId();
  const { campaign, start } = anOffice({
    agents: [{ userId, channelIds: [chat] }],
    options: { queueAssignment: false, agentsSeeAllCases: true },
  });
  const { bus } = await start();
  const [kase] = await keep(aCase({ campaignId: campaign.id, channelId: phone }));

  const refused = bus.call("cases.take", { id: kase!.id }, as("agent", { id: userId }));

  await expect(refused).rejects.toMatchObject({ code: 403, type: "FORBIDDEN" });
});

test("D14, F123: the pending list pages through the own open cases, high first, then the oldest", async () => {
  const { bus, campaign, ada } = await anAgent();
  const mine = { campaignId: campaign.id, channelId: chat, assigneeId: ada };
  const at = (day: number) => ({ createdAt: new Date(Date.UTC(2026, 2, day)) });
  const [low, late, early, high] = await keep(
    aCase({ ...mine, ...at(1), priority: "low" }),
    aCase({ ...mine, ...at(4), status: "transferred" }),
    aCase({ ...mine, ...at(2), status: "open" }),
    aCase({ ...mine, ...at(5), priority: "high", status: "escalated" }),
    aCase({ ...mine, ...at(1), status: "closed", priority: "high" }),
    aCase({ ...mine, assigneeId: newId() }),
  );
  const list = (paging: object) => bus.call("cases.listPending", paging, as("agent", { id: ada }));

  const first = await list({ limit: 3, count: true });
  const second = await list({ limit: 3, cursor: first.nextCursor as string });

  expect(first).toMatchObject({ total: 4 });
  expect(first.items.map(({ id }) => id)).toEqual([high, early, late].map((one) => one!.id));
  expect(second.items).toEqual([low]);
  expect(second.nextCursor).toBeNull();
});

test("F123: a case whose priority is raised moves up in the pending list", async () => {
  const { bus, campaign, ada } = await anAgent();
  const mine = { campaignId: campaign.id, channelId: chat, assigneeId: ada };
  const [, second] = await keep(aCase(mine), aCase(mine));
  const asked = { id: second!.id, version: 1, priority: "high" as const };

  await bus.call("cases.change", asked, administrator);

  const { items } = await bus.call("cases.listPending", {}, as("agent", { id: ada }));
  expect(items[0]?.id).toBe(second!.id);
});

test("G07: a supervisor sees the queues of the own campaigns only", async () => {
  const { bus, campaign } = await anAgent();
  const ask = (id: string) => bus.call("cases.queue", { id }, as("supervisor"));
  await keep(
    aCase({ campaignId: campaign.id, channelId: chat }),
    aCase({ campaignId: campaign.id, channelId: chat }),
    aCase({ campaignId: campaign.id }),
  );

  await expect(ask(campaign.id)).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  expect(await bus.call("cases.queue", { id: campaign.id }, administrator)).toMatchObject({
    campaignId: campaign.id,
    count: 3,
    byChannel: [{ channelId: chat, count: 2 }, { count: 1 }],
  });
});

async function anAgent() {
  const ada = newId();
  const { campaign, start } = anOffice({
    agents: [{ userId: ada, channelIds: [chat] }],
    options: { queueAssignment: false },
  });
  const { bus } = await start();
  return { bus, campaign, ada };
}
