import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, startBus } from "#shared/testing/bus.ts";
import type { Filing } from "#shared/contracts/cases.ts";
import casesService from "./cases.service.ts";
import { cases } from "./tables.store.ts";

const aFiling = (more: Partial<Filing> = {}): Filing => ({
  interactionId: newId(),
  customerId: "ada",
  campaignId: newId(),
  channelId: "web",
  preview: "No signal since Monday",
  at: new Date("2026-03-01T10:00:00Z"),
  ...more,
});

async function start() {
  const bus = await startBus(casesService);
  return (...filings: Filing[]) => bus.call("cases.file", { filings });
}

const close = (caseId: string, slot: string) =>
  cases
    .native()
    .updateOne(
      { _id: caseId },
      { $set: { status: "closed", formerSlot: slot }, $unset: { slot: 1 } },
    );

const slotOf = async (caseId: string) =>
  String((await cases.native().findOne({ _id: caseId }))?.slot);

test("F059: a message opens a new case, which is announced with its number", async () => {
  const file = await start();
  const filing = aFiling({ subject: "No signal", customerName: "Ada Byron" });

  const [filed] = await file(filing);

  expect(filed).toMatchObject({ isNew: true, seq: 1 });
  const kept = await cases.native().findOne({ _id: String(filed?.caseId) });
  expect(kept).toMatchObject({ status: "new", subject: "No signal", customerName: "Ada Byron" });
  const told = await announced("cases", "cases.created");
  expect(told.at(-1)?.data).toMatchObject({ id: filed?.caseId, number: filed?.number });
});

test("D01: the next message on a channel without threads joins the open case", async () => {
  const file = await start();
  const first = aFiling();

  const [opened] = await file(first);
  const [joined] = await file(aFiling({ campaignId: first.campaignId }));

  expect(joined).toMatchObject({ caseId: opened?.caseId, isNew: false, seq: 2 });
});

test("D01: another thread, channel, campaign or customer is another case", async () => {
  const file = await start();
  const first = aFiling({ threadKey: "a" });
  const { campaignId } = first;

  const filed = await file(
    first,
    aFiling({ campaignId, threadKey: "a" }),
    aFiling({ campaignId, threadKey: "b" }),
    aFiling({ campaignId }),
    aFiling({ campaignId, channelId: "sms" }),
    aFiling({ campaignId, customerId: "bo" }),
    aFiling({ threadKey: "a" }),
  );

  expect(filed.map(({ isNew }) => isNew)).toEqual([true, false, true, true, true, true, true]);
  expect(new Set(filed.map(({ caseId }) => caseId)).size).toBe(6);
});

test("D01: a fresh e-mail opens a case of its own; its answer joins it", async () => {
  const file = await start();
  const first = aFiling({ startsThread: true });
  const { campaignId } = first;

  const [one, other] = await file(first, aFiling({ campaignId, startsThread: true }));
  const [answer] = await file(
    aFiling({ campaignId, startsThread: true, answersCaseId: String(one?.caseId) }),
  );

  expect(other?.caseId).not.toBe(one?.caseId);
  expect(answer).toMatchObject({ caseId: one?.caseId, isNew: false });
});

test("D01: what answers a closed case opens one follow-up, which its next answers join", async () => {
  const file = await start();
  const first = aFiling({ startsThread: true });
  const [closed] = await file(first);
  await close(String(closed?.caseId), await slotOf(String(closed?.caseId)));
  const answer = { campaignId: first.campaignId, answersCaseId: String(closed?.caseId) };

  const [followUp, second] = await file(aFiling(answer), aFiling(answer));
  const [third] = await file(aFiling(answer));

  expect(followUp).toMatchObject({ isNew: true });
  expect([second?.caseId, third?.caseId]).toEqual([followUp?.caseId, followUp?.caseId]);
  const kept = await cases.native().findOne({ _id: String(followUp?.caseId) });
  expect(kept?.followUpOf).toBe(closed?.caseId);
});

test("D01: a message in a closed case's thread opens its follow-up", async () => {
  const file = await start();
  const first = aFiling({ threadKey: "session-1" });
  const [closed] = await file(first);
  await close(String(closed?.caseId), await slotOf(String(closed?.caseId)));

  const [followUp] = await file(aFiling({ campaignId: first.campaignId, threadKey: "session-1" }));

  const kept = await cases.native().findOne({ _id: String(followUp?.caseId) });
  expect(kept?.followUpOf).toBe(closed?.caseId);
});

test("B01: filing the same message again, or twice at once, answers the first filing", async () => {
  const file = await start();
  const filing = aFiling();

  const together = await Promise.all([file(filing, filing), file(filing), file(filing)]);
  const [again] = await file(filing);

  for (const one of together.flat()) expect(one).toEqual(again);
  expect(again?.seq).toBe(1);
});

test("B01: a burst of one customer through many batches at once opens one case, seq dense (P3)", async () => {
  const file = await start();
  const { campaignId } = aFiling();
  const batches = Array.from({ length: 25 }, () => [
    aFiling({ campaignId }),
    aFiling({ campaignId }),
  ]);

  const filed = (await Promise.all(batches.map((batch) => file(...batch)))).flat();

  expect(new Set(filed.map(({ caseId }) => caseId)).size).toBe(1);
  expect(filed.filter(({ isNew }) => isNew)).toHaveLength(1);
  const seqs = filed.map(({ seq }) => Number(seq)).sort((a, b) => a - b);
  expect(seqs).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test("P8: a message that races with the close is in the case before, or opens one follow-up", async () => {
  const file = await start();
  for (let race = 0; race < 20; race += 1) {
    const { campaignId, ...rest } = aFiling({ threadKey: "t" });
    const [opened] = await file({ campaignId, ...rest });
    const caseId = String(opened?.caseId);
    const slot = await slotOf(caseId);

    const [late] = await Promise.all([
      Promise.all([1, 2, 3].map(() => file(aFiling({ campaignId, threadKey: "t" })))),
      close(caseId, slot),
    ]);

    const others = new Set(
      late
        .flat()
        .map((one) => one.caseId)
        .filter((id) => id !== caseId),
    );
    expect(others.size).toBeLessThanOrEqual(1);
    const kept = await cases.native().findOne({ _id: caseId });
    const inside = late.flat().filter((one) => one.caseId === caseId).length;
    expect(kept?.interactionCount).toBe(1 + inside);
  }
});
