/** Handing a case on (F083-F090, G01): where it stands afterwards, and who can get it. */
import { expect, test } from "@jest/globals";
import { as } from "#shared/testing/bus.ts";
import {
  administrator,
  aFiling,
  agent,
  chat,
  command,
  kept,
  mail,
  start,
  supervisor,
  told,
} from "./closing.samples.ts";

test("F083, F086, G01, D18: to a user of the campaign, who has it and whose entering opens it", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept({ status: "open", assigneeId: "ada", channelId: chat });
  const asked = { id, version: 1, assigneeId: "bo", reason: "You know her" };

  const transferred = await bus.call("cases.transfer", asked, agent("ada"));

  expect(transferred).toMatchObject({
    status: "transferred",
    assigneeId: "bo",
    campaignId: "support",
    channelId: chat,
    handoverReason: "You know her",
    version: 2,
    updatedBy: "ada",
  });
  const [event] = await told("cases.transferred", id);
  expect(event?.data).toEqual({
    id,
    campaignId: "support",
    formerCampaignId: "support",
    assigneeId: "bo",
    previousAssigneeId: "ada",
    to: "user",
  });
  expect(event?.changes).toEqual(
    expect.arrayContaining([
      { field: "status", old: "open", new: "transferred" },
      { field: "assigneeId", old: "ada", new: "bo" },
    ]),
  );
  const { items } = await bus.call("cases.listPending", {}, agent("bo"));
  expect(items.map((one) => one.id)).toEqual([id]);
  expect(await bus.call("cases.enter", { id }, agent("ada"))).toMatchObject({
    status: "transferred",
  });
  expect(await bus.call("cases.enter", { id }, agent("bo"))).toMatchObject({ status: "open" });
});

test("F085: to nobody it waits in the queue of its campaign, to be taken by any of its agents", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept({ status: "open", assigneeId: "ada", channelId: chat });

  const transferred = await bus.call("cases.transfer", { id, assigneeId: null }, agent("ada"));

  expect(transferred.status).toBe("transferred");
  expect(transferred).not.toHaveProperty("assigneeId");
  expect((await kept(id))?.line).toBe(`queue|support|${chat}`);
  expect((await told("cases.transferred", id))[0]?.data).toMatchObject({
    assigneeId: null,
    previousAssigneeId: "ada",
    to: "nobody",
  });
  expect(await bus.call("cases.take", { id }, agent("bo"))).toMatchObject({ assigneeId: "bo" });
  expect(await bus.call("cases.enter", { id }, agent("bo"))).toMatchObject({ status: "open" });
});

test("F084: to another campaign it loses type and a channel that is not there, and waits for any agent", async () => {
  const { bus, aKept } = await start();
  const said = { assigneeId: "ada", channelId: chat, caseTypeId: "claim", accountId: "a-1" };
  const { id } = await aKept(said);

  const transferred = await bus.call("cases.transfer", { id, campaignId: "sales" }, agent("ada"));

  expect(transferred).toMatchObject({
    campaignId: "sales",
    status: "transferred",
    accountId: "a-1",
  });
  for (const field of ["assigneeId", "caseTypeId", "channelId"]) {
    expect(transferred).not.toHaveProperty(field);
  }
  expect((await kept(id))?.line).toBe("queue|sales|");
  expect((await told("cases.transferred", id))[0]).toMatchObject({
    data: { campaignId: "sales", formerCampaignId: "support", to: "campaign" },
    changes: expect.arrayContaining([
      { field: "campaignId", old: "support", new: "sales" },
      { field: "channelId", old: chat, new: null },
    ]) as unknown,
  });
  const read = (who: object) => bus.call("cases.get", { id }, who);
  expect(await read(agent("cleo"))).toMatchObject({ id });
  await expect(read(agent("ada"))).rejects.toMatchObject({ code: 404 });
});

test("F084, F086: to somebody of another campaign, with a channel that both have", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept({ channelId: mail });
  const asked = { id, campaignId: "sales", assigneeId: "cleo" };

  expect(await bus.call("cases.transfer", asked, agent())).toMatchObject({
    campaignId: "sales",
    assigneeId: "cleo",
    channelId: mail,
  });
  expect((await told("cases.transferred", id))[0]?.data).toMatchObject({
    assigneeId: "cleo",
    to: "campaign",
  });
});

test("F084, D01: the conversation goes on in the case, in whichever campaign that is", async () => {
  const { bus } = await start();
  const file = async (said: object) =>
    (await bus.call("cases.file", { filings: [aFiling(said)] }))[0]!;
  const customerId = "hopper";
  const chatting = await file({ customerId });
  const mailing = await file({
    customerId,
    channelId: mail,
    threadKey: undefined,
    startsThread: true,
  });
  for (const one of [chatting, mailing]) {
    await bus.call("cases.transfer", { id: one.caseId!, campaignId: "sales" }, administrator);
  }

  const next = await file({ customerId });
  const answer = await file({
    ...{ customerId, channelId: mail, threadKey: undefined },
    answersCaseId: mailing.caseId,
  });

  expect(next).toMatchObject({ isNew: false, caseId: chatting.caseId, seq: 2 });
  expect(answer).toMatchObject({ isNew: false, caseId: mailing.caseId, seq: 2 });
});

test("F088, D11: who hands a case on leaves it, others stay", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept({ assigneeId: "ada" });
  const [one, other] = [agent("ada"), agent("bo")];
  for (const who of [one, other]) await bus.call("cases.enter", { id }, who);

  await bus.call("cases.transfer", { id, assigneeId: "bo" }, one);

  const { items } = await bus.call("cases.presence", { id }, administrator);
  expect(items.map(({ userId }) => userId)).toEqual(["bo"]);
});

test("B01: the same command again answers as the first time", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();
  const once = command(supervisor());
  const asked = { id, assigneeId: "bo" };

  const first = await bus.call("cases.transfer", asked, once);

  expect(await bus.call("cases.transfer", asked, once)).toEqual(first);
  expect(await told("cases.transferred", id)).toHaveLength(1);
});

test("F083, F084: who can get a case is told by name, of the own campaign and of others", async () => {
  const { bus, aKept } = await start({ disabled: ["bo"] });
  const { id } = await aKept();
  const ask = (more: object = {}) => bus.call("cases.transferTargets", { id, ...more }, agent());
  const allowed = { toUser: true, toCampaign: true };

  expect(await ask()).toEqual({
    ...{ campaignId: "support", ...allowed },
    users: [
      { id: "ada", name: "U ada", role: "agent" },
      { id: "rosa", name: "U rosa", role: "supervisor" },
    ],
  });
  expect(await ask({ campaignId: "sales" })).toEqual({
    ...{ campaignId: "sales", ...allowed },
    users: [{ id: "cleo", name: "U cleo", role: "agent" }],
  });
  await expect(ask({ campaignId: "nowhere" })).rejects.toMatchObject({ code: 404 });
});

test("G01, D18: a case is escalated once, with a reason, and is told of", async () => {
  const { bus, aKept } = await start();
  const { id, number } = await aKept({ assigneeId: "ada" });

  const escalated = await bus.call("cases.escalate", { id, reason: "Angry" }, agent());

  expect(escalated).toMatchObject({
    status: "escalated",
    handoverReason: "Angry",
    assigneeId: "ada",
    version: 2,
  });
  expect(await told("cases.escalated", id)).toMatchObject([
    { data: { id, campaignId: "support", assigneeId: "ada" } },
  ]);
  await expect(bus.call("cases.escalate", { id }, agent())).rejects.toMatchObject({
    code: 409,
    type: "ILLEGAL_TRANSITION",
    data: { number, from: "escalated", to: "escalated" },
  });
  const stale = bus.call("cases.escalate", { id, version: 1 }, as("agent", { id: "bo" }));
  await expect(stale).rejects.toMatchObject({ code: 412 });
});
