/** Work of an agent who vanished goes back to the queue, once (B10). */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { until } from "#shared/testing/until.ts";
import { takenIn } from "#shared/testing/events.ts";
import { aCase, keep } from "./a-case.ts";
import { anOffice, chat } from "./routing.samples.ts";

const longAgo = () => new Date(Date.now() - 3_600_000);

/** An agent with cases of every status, and in the same campaign a colleague who is away. */
async function startWithCases(...more: Partial<Case>[]) {
  const [ada, bo] = [newId(), newId()];
  const { campaign, start } = anOffice({
    agents: [ada, bo].map((userId) => ({ userId, channelIds: [chat] })),
  });
  const office = await start();
  const mine = { campaignId: campaign.id, channelId: chat, assigneeId: ada };
  const open = await keep(
    aCase({ ...mine, status: "new" }),
    aCase({ ...mine, status: "open" }),
    aCase({ ...mine, status: "transferred" }),
    aCase({ ...mine, status: "escalated" }),
    ...more.map((said) => aCase({ ...mine, ...said })),
  );
  const [closed] = await keep(aCase({ ...mine, status: "closed" }));
  const areFree = (cases: readonly Case[]) =>
    until(async () => {
      const holders = await Promise.all(cases.map(({ id }) => office.holderOf(id)));
      return holders.every((holder) => holder === undefined);
    });
  return { ...office, ada, bo, campaign, open, closed: closed!, areFree };
}

test("B10: an agent who stays offline gives back every open case, once, and others get them", async () => {
  const many = Array.from({ length: 250 }, () => ({ status: "open" as const }));
  const { turn, ada, bo, open, closed, areFree, holderOf, handovers } = await startWithCases(
    ...many,
  );
  await turn(ada, "available", new Date(Date.now() - 7_200_000));

  await turn(ada, "offline", longAgo());
  await areFree(open);
  await turn(bo, "available");
  await until(() => holderOf(open[0]!.id));

  expect((await handovers(open[0]!.id)).map(([how]) => how)).toEqual(["release", "route"]);
  expect((await handovers(open[253]!.id)).filter(([how]) => how === "release")).toHaveLength(1);
  expect(await holderOf(closed.id)).toBe(ada);
});

test("B10: who is back within the grace time keeps the cases", async () => {
  const { turn, ada, bo, open, holderOf, areFree } = await startWithCases();
  const [other] = await keep(aCase({ ...open[0]!, id: newId(), number: 7_001, assigneeId: bo }));
  await turn(bo, "available", new Date(1));

  await turn(ada, "offline");
  await turn(ada, "paused", new Date(Date.now() + 1));
  await turn(bo, "offline", longAgo());
  await areFree([other!]);

  expect(await holderOf(open[0]!.id)).toBe(ada);
});

test("B10: a disabled agent gives back every open case at once", async () => {
  const { disable, ada, open, areFree, closed, holderOf } = await startWithCases();

  await disable(ada);
  await areFree(open);

  expect(await holderOf(closed.id)).toBe(ada);
});

test("B10: an agent who is taken off a campaign gives back the cases there, and keeps others", async () => {
  const { change, campaign, ada, bo, open, areFree, holderOf } = await startWithCases();
  const [elsewhere] = await keep(aCase({ campaignId: newId(), assigneeId: ada }));
  await change({});
  await takenIn("cases", "campaigns.agentsSet");

  await change({ agents: campaign.agents.filter(({ userId }) => userId === bo) });
  await areFree(open);

  expect(await holderOf(elsewhere!.id)).toBe(ada);
});
