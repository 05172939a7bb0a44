import { expect, test } from "@jest/globals";
import { database } from "#shared/mongo/connection.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { nextClosed } from "./emptying.store.ts";
import { daysAgo, start } from "./retention.samples.ts";

test("B08: the next closed cases are found by their index, whatever lies around them", async () => {
  const { aClosed, campaignId } = await start();
  for (let place = 0; place < 30; place += 1) {
    await aClosed(100 - place, place % 2 ? {} : { contentRemovedAt: new Date() });
  }
  const { db } = database("cases");
  await db!.command({ profile: 2 });
  onTestFinished(() => db!.command({ profile: 0 }).then(() => undefined));

  const first = await nextClosed({ campaignId, closedBefore: daysAgo(30) }, 5);
  const last = first.at(-1)!;
  const after = { closedAt: last.closedAt, id: last.id };
  const second = await nextClosed({ campaignId, closedBefore: daysAgo(30), after }, 50);

  expect([first.length, second.length]).toEqual([5, 10]);
  const reads = await db!
    .collection("system.profile")
    .find({ "command.find": "cases", "command.filter.campaignId": campaignId })
    .toArray();
  expect(reads.map((read) => Number(read["docsExamined"]))).toEqual([5, 11]);
});
