/** Conversations of merged cases: one, whole and in order at every moment (F094, F140, P3, P7). */
import { expect, test } from "@jest/globals";
import type { Joining } from "#shared/contracts/cases/merge.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { day, start } from "./of-customer.samples.ts";
import { interactions } from "./tables.store.ts";

/** Channels with two conversations, beside cases that tell of their merge. */
async function startJoining(own: readonly number[], theirs: readonly number[]) {
  const { bus, keep, customerId } = await start();
  await prepare("cases", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("cases", testLogger());
  onTestFinished(() => relay.stop());
  const [survivorId, absorbedId] = [newId(), newId()];
  const keepAll = (caseId: string, name: string, days: readonly number[]) =>
    keep(
      ...days.map((at, index) => ({
        ...{ caseId, seq: index + 1, at: day(at), text: `${name}${String(index + 1)}` },
        ...{ channelId: index % 2 ? "sms" : "chat" },
      })),
    );
  const kept = {
    own: await keepAll(survivorId, "s", own),
    theirs: await keepAll(absorbedId, "a", theirs),
  };
  const joining: Joining = {
    ...{ absorbedId, survivorNumber: 1_001 },
    ...{ survivorCount: own.length, absorbedCount: theirs.length },
  };
  const mergeId = newId();
  const tell = (event: "cases.merged" | "cases.absorbed") =>
    write("cases", as("administrator"), (tx) => {
      const id = event === "cases.merged" ? survivorId : absorbedId;
      const aggregate = { kind: "case", id, version: 2 };
      tx.announce({ event, aggregate, data: { id, mergeId, survivorId, ...joining } });
      return Promise.resolve();
    });
  const read = async (more: object = {}) => {
    const asked = { caseId: survivorId, limit: 200, ...more };
    const page = await bus.call("channels.conversation", asked);
    return { ...page, said: page.items.map(({ seq, text }) => `${String(seq)} ${String(text)}`) };
  };
  return { bus, keep, kept, customerId, survivorId, absorbedId, joining, mergeId, tell, read };
}

const whole = ["1 s1", "2 a1", "3 a2", "4 s2", "5 s3"];
const days = [
  [1, 4, 5],
  [2, 3],
] as const;

test("F094, F140, P7: both are read as one from the first moment, and the same when all has moved", async () => {
  const { read, joining, tell, mergeId, absorbedId, survivorId, kept } = await startJoining(
    ...days,
  );

  const before = await read({ joining, count: true });
  await tell("cases.merged");
  await tell("cases.absorbed");
  await until(async () => (await told(mergeId)).length > 0);
  const [late, after] = [await read({ joining, count: true }), await read({ count: true })];

  for (const { said, total, items } of [before, late, after]) {
    expect([said, total]).toEqual([whole, 5]);
    for (const { caseId, caseNumber } of items.slice(1, 3)) {
      expect([caseId, caseNumber]).toEqual([survivorId, 1_001]);
    }
  }
  expect((await told(mergeId))[0]?.data).toEqual({ mergeId, caseId: absorbedId, into: survivorId });
  expect(await interactions.native().countDocuments({ caseId: absorbedId })).toBe(0);
  expect(kept.theirs).toHaveLength(2);
});

const told = async (mergeId: string) =>
  (await announced("channels", "interactions.caseMoved")).filter(
    ({ data }) => data.mergeId === mergeId,
  );

test("F140, F142: the joined conversation is read page by page, and one channel alone", async () => {
  const { read, joining, keep, survivorId } = await startJoining(...days);
  await keep({ caseId: survivorId, seq: 6, at: day(9), text: "new", channelId: "chat" });

  const first = await read({ joining, limit: 2 });
  const second = await read({ joining, limit: 4, cursor: first.nextCursor! });
  const alone = await read({ joining, channelId: "sms" });

  expect([first.said, second.said]).toEqual([whole.slice(0, 2), [...whole.slice(2), "6 new"]]);
  expect(second.nextCursor).toBeNull();
  expect(alone.said).toEqual(["3 a2", "4 s2"]);
});

test("P7, P3: a message that is on its way is waited for, and nothing is read twice or left out meanwhile", async () => {
  const { read, joining, keep, tell, mergeId, absorbedId, kept } = await startJoining(...days);
  const [missing] = kept.theirs;
  await interactions.native().deleteOne({ _id: missing!.id });
  await tell("cases.merged");
  await tell("cases.absorbed");
  await takenIn("channels", "cases.merged").catch(() => undefined);

  const meanwhile = await read({ joining });
  const isDone = (await told(mergeId)).length > 0;
  await keep({ ...missing!, caseId: absorbedId });
  await until(async () => (await told(mergeId)).length > 0);

  expect([meanwhile.said, isDone]).toEqual([["1 s1", "3 a2", "4 s2", "5 s3"], false]);
  expect((await read()).said).toEqual(whole);
});

test("F037, F045: a merged case that gets another customer afterwards leaves its messages to the survivor", async () => {
  const { tell, mergeId, absorbedId, read, customerId } = await startJoining(...days);
  await tell("cases.merged");
  await tell("cases.absorbed");
  await until(async () => (await told(mergeId)).length > 0);

  await write("cases", as("administrator"), (tx) => {
    tx.announce({
      event: "cases.customerReplaced",
      aggregate: { kind: "case", id: absorbedId, version: 3 },
      data: {
        ...{ id: absorbedId, customerId: newId(), formerCustomerId: customerId },
        ...{ interactionCount: 2, mergeId: newId() },
      },
    });
    return Promise.resolve();
  });
  await takenIn("channels", "cases.customerReplaced");

  const { items } = await read();
  expect(new Set(items.map((one) => one.customerId))).toEqual(new Set([customerId]));
});
