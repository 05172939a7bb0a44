/** Where messages go whose case was merged (D01, D03, P7). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { write } from "#shared/mongo/write.ts";
import { keepEdited } from "./editing.ts";
import { stamped, withStatus } from "./life.rules.ts";
import { administrator, startMerging } from "./merge.samples.ts";

test("D01, D03: threads and answers of the absorbed case lead to the survivor", async () => {
  const { file, get, merge } = await startMerging();
  const campaignId = newId();
  const absorbedIn = { customerId: newId(), campaignId, threadKey: "chat-1" };
  const one = await file({ customerId: newId(), campaignId });
  const other = await file(absorbedIn);
  const both = { survivor: await get(one.caseId!), absorbed: await get(other.caseId!) };
  await merge(both);

  const [inThread, answer, own] = [
    await file(absorbedIn),
    await file({ ...absorbedIn, threadKey: "chat-2", answersCaseId: other.caseId! }),
    await file({ ...absorbedIn, threadKey: "chat-3", answersCaseId: one.caseId! }),
  ];

  for (const [filed, seq] of [
    [inThread, 3],
    [answer, 4],
    [own, 5],
  ] as const) {
    expect(filed).toMatchObject({ caseId: one.caseId, number: one.number, seq, isNew: false });
  }
});

test("D01, F108: once the survivor is closed, both threads open follow-ups of it", async () => {
  const { file, get, merge } = await startMerging();
  const campaignId = newId();
  const [ada, byron] = [
    { customerId: newId(), campaignId, threadKey: "a" },
    { customerId: newId(), campaignId, threadKey: "b" },
  ];
  const [one, other] = [await file(ada), await file(byron)];
  await merge({ survivor: await get(one.caseId!), absorbed: await get(other.caseId!) });
  const survivor = await get(one.caseId!);
  const stamp = { at: new Date(), by: "bo" };
  await write("cases", administrator, (tx) =>
    keepEdited(tx, [{ before: survivor, after: stamped(withStatus(survivor, "closed"), stamp) }]),
  );

  const [again, theirs] = [await file(ada), await file(byron)];

  for (const filed of [again, theirs]) {
    expect(filed.isNew).toBe(true);
    expect(await get(filed.caseId!)).toMatchObject({ followUpOf: one.caseId });
  }
  expect(again.caseId).not.toBe(theirs.caseId);
});

test("P7: messages that race with a merge are all in the survivor, at places of their own", async () => {
  const { file, get, merge } = await startMerging();
  const campaignId = newId();
  const [ada, byron] = [newId(), newId()].map((customerId) => ({ customerId, campaignId }));
  const [one, other] = [await file(ada!), await file(byron!)];
  const both = { survivor: await get(one.caseId!), absorbed: await get(other.caseId!) };

  const [{ merge: done }, ...filed] = await Promise.all([
    merge(both),
    ...Array.from({ length: 20 }, (_, index) => file((index % 2 ? ada : byron)!)),
  ]);

  const { survivorCount, absorbedCount } = (await announced("cases", "cases.merged")).find(
    ({ data }) => data.mergeId === done.id,
  )!.data;
  const survivor = await get(one.caseId!);
  expect(survivor.interactionCount).toBe(22);
  const placesIn = (id: string) =>
    filed.flatMap(({ caseId, seq }) => (caseId === id ? seq! : [])).sort((a, b) => a - b);
  const after = placesIn(one.caseId!).filter((seq) => seq > survivorCount);
  expect(placesIn(other.caseId!)).toEqual(range(2, absorbedCount));
  expect(after).toEqual(range(survivorCount + absorbedCount + 1, 22));
});

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
