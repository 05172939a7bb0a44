/** What users send from a case gets its place in the conversation (F146, F160, F163, P3, P8). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { announced } from "#shared/testing/bus.ts";
import { idOf, present, start } from "./presence.samples.ts";
import { startCases } from "./lists.samples.ts";
import { markFollowedUp } from "./sending.store.ts";
import { cases } from "./tables.store.ts";

async function startFiling() {
  const { bus, aKept } = await start();
  const who = present();
  const at = new Date();
  const channelId = newId();
  const file = (caseId: string, more: object = {}) =>
    bus.call(
      "cases.fileSent",
      {
        ...{ interactionId: newId(), caseId, channelId, channelCampaignId: "support", at },
        ...{ author: idOf(who), preview: "On its way", takesAnswers: false, ...more },
      },
      who,
    );
  const read = (id: string) => bus.call("cases.get", { id }, who);
  return { bus, aKept, who, at, channelId, file, read };
}

test("F160, P3: what is sent is the last of the conversation, raises no version and leaves nothing unread", async () => {
  const { aKept, at, channelId, file, read } = await startFiling();
  const { id, number, customerId } = await aKept({
    ...{ status: "open", interactionCount: 2, unreadCount: 2 },
    lastCustomerUpdateAt: new Date(0),
  });
  const interactionId = newId();

  const first = await file(id, { interactionId });
  const second = await file(id);

  expect(first).toEqual({ caseId: id, number, seq: 3, customerId, campaignId: "support" });
  expect(second.seq).toBe(4);
  expect(await read(id)).toMatchObject({
    ...{ status: "open", version: 1, interactionCount: 4, unreadCount: 0 },
    lastInteraction: { channelId, direction: "outbound", preview: "On its way", at },
    lastCustomerUpdateAt: new Date(0),
  });
});

test("F160: the same twice, also at the same moment, is as once", async () => {
  const { aKept, file, read } = await startFiling();
  const { id } = await aKept({ status: "open" });
  const interactionId = newId();

  const all = await Promise.all(Array.from({ length: 5 }, () => file(id, { interactionId })));

  expect(new Set(all.map(({ seq }) => seq))).toEqual(new Set([1]));
  expect(await read(id)).toMatchObject({ interactionCount: 1 });
});

test("G01: sending opens a new case, which is told as the user's doing", async () => {
  const { aKept, who, file, read } = await startFiling();
  const { id } = await aKept();

  await file(id);

  expect(await read(id)).toMatchObject({ status: "open", version: 2, interactionCount: 1 });
  expect((await announced("cases", "cases.changed")).at(-1)).toMatchObject({
    actor: { id: idOf(who) },
    changes: [{ field: "status", old: "new", new: "open" }],
  });
});

test("F163: what is sent clears the draft of who wrote it, and nobody else's", async () => {
  const { bus, aKept, who, file } = await startFiling();
  const colleague = present();
  const { id } = await aKept({ status: "open" });
  const draft = { id, kind: "message" as const };
  for (const one of [who, colleague]) {
    await bus.call("cases.saveDraft", { ...draft, content: "half" }, one);
  }

  await file(id);

  await expect(bus.call("cases.getDraft", draft, who)).rejects.toMatchObject({ code: 404 });
  expect(await bus.call("cases.getDraft", draft, colleague)).toMatchObject({ content: "half" });
});

test("D04: nothing is sent from a closed case, nor by whom it is not seen", async () => {
  const { bus, aKept, who, file } = await startFiling();
  const closed = await aKept({ status: "closed" });
  const foreign = await aKept({ status: "open", campaignId: "another" });
  const { id, number } = await aKept({ status: "open", subject: "No signal" });
  const sendable = (asked: string) => bus.call("cases.sendable", { id: asked }, who);

  for (const refused of [sendable(closed.id), file(closed.id)]) {
    await expect(refused).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
  }
  await expect(sendable(foreign.id)).rejects.toMatchObject({ code: 404 });
  expect(await sendable(String(number))).toMatchObject({ id, number, subject: "No signal" });
});

test("F160, D03: what was on its way when its case was merged is in the survivor's conversation", async () => {
  const { aKept, file } = await startFiling();
  const survivor = await aKept({ status: "open", interactionCount: 7 });
  const absorbed = await aKept({ status: "closed", mergedInto: survivor.id });

  expect(await file(absorbed.id)).toMatchObject({ caseId: survivor.id, seq: 8 });
});

test("D01: the customer's answer by a channel without threads joins the case that was sent from", async () => {
  const { bus, aKept, channelId, file } = await startFiling();
  const kase = await aKept({ status: "open", customerId: newId() });
  const sibling = await aKept({ status: "open", customerId: kase.customerId });

  await file(kase.id, { takesAnswers: true });
  await file(sibling.id, { takesAnswers: true });
  const { customerId } = kase;
  const filing = { customerId, campaignId: "support", channelId, preview: "Yes", at: new Date() };
  const [answer] = await bus.call("cases.file", {
    filings: [{ interactionId: newId(), ...filing }],
  });

  expect(answer).toMatchObject({ caseId: kase.id, isNew: false, seq: 2 });
});

test("F133, D12: cases are listed by whether an e-mail has followed up", async () => {
  const { list, subjects } = await startCases(
    { subject: "pending" },
    { subject: "sent", status: "closed" },
  );
  const [, first] = (await list({ sort: "subject" })).items;
  const [at, later] = [new Date(1_000), new Date(2_000)];
  for (const when of [at, later]) {
    await transaction("cases", (session) => markFollowedUp(String(first?.id), when, session));
  }

  expect(await subjects({ followUp: "pending" })).toEqual(["pending"]);
  expect(await subjects({ followUp: "sent" })).toEqual(["sent"]);
  expect(await subjects({ followUp: "sent", state: "active" })).toEqual([]);
  expect((await list({ followUp: "sent" })).items).toMatchObject([{ followUpSentAt: at }]);
});

test("F133: of a case that was merged it is the survivor that was followed up", async () => {
  const { aKept } = await startFiling();
  const survivor = await aKept({ status: "open" });
  const absorbed = await aKept({ status: "closed", mergedInto: survivor.id });

  await transaction("cases", (session) => markFollowedUp(absorbed.id, new Date(5), session));

  expect(await cases.native().findOne({ _id: survivor.id })).toMatchObject({
    followUpSentAt: new Date(5),
  });
});
