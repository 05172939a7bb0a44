/** Reading one case (F072-F074), its conversation (F142, F143), and who may (G04, B09). */
import { expect, test } from "@jest/globals";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const scope: CampaignScope = {
  campaignId: "support",
  as: "agent",
  channelIds: ["chat"],
  agentsSeeAllCases: false,
  showOtherCampaigns: false,
};

/** The cases service beside the campaigns in which the user has these parts. */
const startCases = (...scopes: CampaignScope[]) =>
  startBus(cases, standIn("campaigns", { scopesOf: () => scopes }));

const administrator = as("administrator");
const agent = as("agent");
const agentId = String(agent.meta.actor?.id);

const notFound = { type: "NOT_FOUND", code: 404 };

test("F072, F073: a case is found by its id and by its number", async () => {
  const bus = await startCases();
  const [kase] = await keep(aCase({ subject: "Router", customerName: "Ada" }));

  const byId = await bus.call("cases.get", { id: kase!.id }, administrator);
  const byNumber = await bus.call("cases.get", { id: String(kase!.number) }, administrator);

  expect(byId).toEqual(kase);
  expect(byNumber).toEqual(kase);
});

test("F074: what is read again is what is there now", async () => {
  const bus = await startCases();
  const [kase] = await keep(aCase());

  const first = await bus.call("cases.get", { id: kase!.id }, administrator);
  const again = await bus.call("cases.get", { id: kase!.id }, administrator);

  expect(again).toEqual(first);
});

test.each(["no-such-case", "987654321", "9".repeat(64), "0"])(
  "F072: there is no case %s",
  async (id) => {
    const bus = await startCases();

    const refused = bus.call("cases.get", { id }, administrator);

    await expect(refused).rejects.toMatchObject(notFound);
  },
);

test.each([
  ["their own", { assigneeId: agentId, channelId: "mail" }],
  ["an unassigned one of their channel", { channelId: "chat" }],
  ["an unassigned one made by hand", {}],
])("G04: an agent reads %s", async (_which, placed) => {
  const bus = await startCases(scope);
  const [kase] = await keep(aCase({ campaignId: "support", ...placed }));

  const read = await bus.call("cases.get", { id: kase!.id }, agent);

  expect(read).toEqual(kase);
});

test.each([
  ["a colleague's", { campaignId: "support", assigneeId: "bo", channelId: "chat" }],
  ["an unassigned one of another channel", { campaignId: "support", channelId: "mail" }],
  ["one of another campaign", { campaignId: "sales", assigneeId: agentId }],
])("G04: to an agent %s looks like none at all", async (_which, placed) => {
  const bus = await startCases(scope);
  const [kase] = await keep(aCase(placed));
  const { id, number } = kase!;
  const refusal = (call: Promise<unknown>) => call.catch((error: unknown) => error);

  const answers = await Promise.all([
    refusal(bus.call("cases.get", { id }, agent)),
    refusal(bus.call("cases.get", { id: String(number) }, agent)),
    refusal(bus.call("cases.access", { id }, agent)),
    refusal(bus.call("cases.conversation", { id }, agent)),
  ]);

  for (const answer of answers) expect(answer).toMatchObject(notFound);
  const unknown = await refusal(bus.call("cases.get", { id: newId() }, agent));
  expect(String(answers[0])).toBe(String(unknown));
});

test("F124: with agentsSeeAllCases an agent reads every case of the campaign", async () => {
  const bus = await startCases({ ...scope, agentsSeeAllCases: true });
  const [kase] = await keep(aCase({ campaignId: "support", assigneeId: "bo", channelId: "mail" }));

  const read = await bus.call("cases.get", { id: kase!.id }, agent);

  expect(read).toEqual(kase);
});

test("F125: with showOtherCampaigns an agent reads a case of another campaign, and may only read it", async () => {
  const page = { items: [], nextCursor: null };
  const bus = await startBus(
    cases,
    standIn("campaigns", { scopesOf: () => [{ ...scope, showOtherCampaigns: true }] }),
    standIn("channels", { conversation: () => page }),
  );
  const [other, colleagues] = await keep(
    aCase({ campaignId: "sales", assigneeId: "bo" }),
    aCase({ campaignId: "support", assigneeId: "bo" }),
  );
  const { id } = other!;

  expect(await bus.call("cases.get", { id }, agent)).toEqual({ ...other, readOnly: true });
  expect(await bus.call("cases.conversation", { id }, agent)).toEqual(page);
  expect(await bus.call("cases.access", { id }, agent)).toMatchObject({ id, readOnly: true });
  await expect(bus.call("cases.get", { id: colleagues!.id }, agent)).rejects.toMatchObject(
    notFound,
  );
  const everything = await bus.call("cases.list", { limit: 200 }, agent);
  expect(everything.items.map((one) => one.id)).not.toContain(id);
});

test("G04: who has not signed in is refused", async () => {
  const bus = await startCases();

  const refused = bus.call("cases.get", { id: newId() });

  await expect(refused).rejects.toMatchObject({ type: "UNAUTHORIZED", code: 401 });
});

test("P12: where the campaigns cannot be asked, nothing is shown", async () => {
  const bus = await startBus(cases);
  const [kase] = await keep(aCase({ assigneeId: agentId }));

  const refused = bus.call("cases.get", { id: kase!.id }, agent);

  await expect(refused).rejects.toMatchObject({ type: "UNAVAILABLE", code: 503 });
});

test("B09: access answers for a visible case where it belongs and whether it is closed", async () => {
  const bus = await startCases(scope);
  const [kase] = await keep(
    aCase({ campaignId: "support", assigneeId: agentId, status: "closed" }),
  );
  const { id, number, customerId } = kase!;

  const access = await bus.call("cases.access", { id }, agent);

  expect(access).toEqual({ id, number, campaignId: "support", customerId, closed: true });
});

test("F142, F143: the conversation is that of this case, on one channel if asked for", async () => {
  const asked: unknown[] = [];
  const message: Interaction = {
    id: newId(),
    seq: 1,
    campaignId: "support",
    channelId: "chat",
    direction: "inbound",
    kind: "message",
    from: { type: "email", value: "ada@example.com" },
    attachments: [],
    state: "filed",
    at: new Date(),
  };
  const bus = await startBus(
    cases,
    standIn("channels", {
      conversation(ctx) {
        asked.push(ctx.params);
        return { items: [message], nextCursor: null };
      },
    }),
  );
  const [kase] = await keep(aCase());
  const { id: caseId, number } = kase!;

  const page = await bus.call(
    "cases.conversation",
    { id: String(number), channelId: "chat", limit: 10 },
    administrator,
  );

  expect(page).toEqual({ items: [message], nextCursor: null });
  expect(asked).toEqual([{ caseId, channelId: "chat", limit: 10 }]);
});
