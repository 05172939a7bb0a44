/** The pending list (D14, F122, F123, F176): what is due first, then priority, then the oldest. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const day = (date: number) => new Date(Date.UTC(2026, 2, date));

async function startPending(...said: Partial<Case>[]) {
  const [campaignId, id] = [newId(), newId()];
  const scope = { campaignId, as: "agent" as const, channelIds: [] };
  const scopes = [{ ...scope, agentsSeeAllCases: false, showOtherCampaigns: false }];
  const bus = await startBus(cases, standIn("campaigns", { scopesOf: () => scopes }));
  await keep(...said.map((one) => aCase({ campaignId, assigneeId: id, ...one })));
  const pending = (asked: { limit?: number; cursor?: string; count?: boolean } = {}) =>
    bus.call("cases.listPending", asked, as("agent", { id }));
  const subjects = async () => (await pending()).items.map(({ subject }) => subject).join("");
  return { pending, subjects };
}

const various: Partial<Case>[] = [
  { subject: "f", priority: "low", createdAt: day(1) },
  { subject: "d", createdAt: day(2) },
  { subject: "e", createdAt: day(3), nextActionAt: new Date("2999-01-01T00:00:00Z") },
  { subject: "c", priority: "high", createdAt: day(4) },
  { subject: "b", priority: "low", createdAt: day(5), nextActionAt: day(6) },
  { subject: "a", priority: "high", createdAt: day(6), nextActionAt: day(7) },
  { subject: "x", status: "closed", nextActionAt: day(7) },
];

test("D14, F122, F123, F176: due next actions first, then priority, then the oldest, in pages", async () => {
  const { pending, subjects } = await startPending(...various);
  const walked: unknown[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await pending({ limit: 1, count: true, ...(cursor ? { cursor } : {}) });
    walked.push(...page.items.map(({ subject }) => subject));
    expect(page.total).toBe(6);
    cursor = page.nextCursor;
  }

  expect(await subjects()).toBe("abcdef");
  expect(walked.join("")).toBe("abcdef");
});

test("D14: a page that ends with what is due knows whether anything follows", async () => {
  const { pending } = await startPending({ nextActionAt: day(1) }, { nextActionAt: day(2) });

  expect(await pending({ limit: 2 })).toMatchObject({ items: [{}, {}], nextCursor: null });
});

test("F176: a next action goes to the front by itself once its time has come", async () => {
  const soon = new Date(Date.now() + 500);
  const { subjects } = await startPending(
    { subject: "a", priority: "high" },
    { subject: "b", priority: "low", nextActionAt: soon },
  );

  const answers = [await subjects()];
  await until(async () => answers.push(await subjects()) && answers.at(-1) === "ba");

  expect(new Set(answers)).toEqual(new Set(answers[0] === "ab" ? ["ab", "ba"] : ["ba"]));
});

test("D14: a cursor of another list is refused", async () => {
  const { pending } = await startPending(...various);

  const cursors = ["bm90LWEtY3Vyc29y", Buffer.from("[1,2,3]").toString("base64url")];
  for (const cursor of cursors) {
    await expect(pending({ cursor })).rejects.toMatchObject({
      code: 422,
      data: { errors: [{ path: "cursor" }] },
    });
  }
});
