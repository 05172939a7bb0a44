/**
 * P8: messages that race with the closing of their case. `RACES=2000` runs the whole drill; the
 * suite runs its short form.
 */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { administrator, aFiling, start } from "./closing.samples.ts";
import { cases as table } from "./tables.store.ts";

const races = Number(process.env["RACES"] ?? 60);
const abreast = 8;
/** How many messages come while the case is being closed. */
const messages = 3;

interface Race {
  customerId: string;
  caseId: string;
  /** Where the messages went that came meanwhile. */
  wentTo: string[];
}

test(`P8: a case that is closed stays closed; who writes meanwhile is in it before, or in one follow-up: ${String(races)} races`, async () => {
  // two replicas, so that they meet in the database only
  const doors = [(await start()).bus, (await start()).bus];
  const file = async (customerId: string, place: number) => {
    const filings = [aFiling({ customerId, interactionId: newId() })];
    return (await doors[place % doors.length]!.call("cases.file", { filings }))[0]!;
  };
  const race = async (): Promise<Race> => {
    const customerId = newId();
    const { caseId } = await file(customerId, 0);
    const closing = doors[1]!.call("cases.close", { id: caseId! }, administrator);
    const filing = Array.from({ length: messages }, (_, place) => file(customerId, place));
    const [, ...filed] = await Promise.all([closing, ...filing]);
    return { customerId, caseId: caseId!, wentTo: filed.map((one) => one.caseId!) };
  };

  const done: Race[] = [];
  let begun = 0;
  const runner = async () => {
    while (begun < races) {
      begun += 1;
      done.push(await race());
    }
  };
  await Promise.all(Array.from({ length: abreast }, runner));

  let late = 0;
  for (const { customerId, caseId, wentTo } of done) {
    const kept = await table.native().find({ customerId }).toArray();
    const closed = kept.find(({ _id }) => _id === caseId);
    const others = kept.filter(({ _id }) => _id !== caseId);
    const before = wentTo.filter((id) => id === caseId).length;
    const after = wentTo.length - before;
    late += after;
    expect(closed).toMatchObject({ status: "closed", interactionCount: 1 + before, version: 2 });
    expect(closed).not.toHaveProperty("slot");
    expect(others).toHaveLength(after > 0 ? 1 : 0);
    if (after === 0) continue;
    expect(others[0]).toMatchObject({
      ...{ status: "new", interactionCount: after, followUpOf: caseId },
      slot: closed?.formerSlot,
    });
    expect(new Set(wentTo.filter((id) => id !== caseId))).toEqual(new Set([others[0]?._id]));
  }
  expect(done).toHaveLength(races);
  // both ways must have been met, or nothing raced
  expect(late).toBeGreaterThan(0);
  expect(late).toBeLessThan(races * messages);
}, 600_000);
