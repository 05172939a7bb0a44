/** Lists of cases (F120, F127, F131, D12, G03): every filter, every sort, pages and searches. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { aCase, keep } from "./a-case.ts";
import { day, startCases, type Params } from "./lists.samples.ts";

test("F120, G02: a list shows each case as it is, without what only searching needs", async () => {
  const { list } = await startCases();
  const [kase] = await keep(aCase({ subject: "Router", customerName: "Ada", status: "open" }));

  const page = await list({ campaignId: [String(kase?.campaignId)] });

  expect(page).toEqual({ items: [kase], nextCursor: null });
});

const various: Partial<Case>[] = [
  {
    subject: "a",
    status: "new",
    priority: "high",
    caseTypeId: "claim",
    channelId: "mail",
    from: "Ada@Example.com",
    flag: { by: "bo", at: day(9) },
    tags: ["billing", "vip"],
    createdAt: day(1),
  },
  {
    subject: "b",
    status: "open",
    priority: "low",
    customerId: "ada",
    assigneeId: "bo",
    from: "adam@example.org",
    nextActionAt: day(6),
    createdAt: day(2),
  },
  {
    subject: "c",
    status: "escalated",
    customerId: "grace",
    assigneeId: "cy",
    channelId: "chat",
    createdAt: day(3),
  },
  {
    subject: "d",
    status: "transferred",
    caseTypeId: "question",
    nextActionAt: new Date("2999-01-01T00:00:00Z"),
    createdAt: day(4),
  },
  {
    ...{ subject: "e", status: "closed", customerId: "ada", assigneeId: "bo", tags: ["vip"] },
    createdAt: day(5),
  },
];

const filters: [what: string, asked: Params, found: string][] = [
  ["the active (D12)", { state: "active" }, "dcba"],
  ["the closed (F131)", { state: "closed" }, "e"],
  ["statuses", { status: ["new", "closed"] }, "ea"],
  ["state and status together", { state: "active", status: ["new", "closed"] }, "a"],
  ["priorities", { priority: ["high", "low"] }, "ba"],
  ["case types", { caseTypeId: ["claim", "question"] }, "da"],
  ["customers", { customerId: ["ada", "grace"] }, "ecb"],
  ["channels", { channelId: ["mail"] }, "a"],
  ["a tag", { tag: ["vip"] }, "ea"],
  ["all of several tags", { tag: ["vip", "billing"] }, "a"],
  ["some assignees", { assigneeId: ["bo", "cy"] }, "ecb"],
  ["the unassigned", { unassigned: true }, "da"],
  ["the assigned", { unassigned: false }, "ecb"],
  ["some assignees and the unassigned", { assigneeId: ["cy"], unassigned: true }, "dca"],
  ["created from, included", { createdFrom: day(3) }, "edc"],
  ["created until, included", { createdTo: day(2) }, "ba"],
  ["a range of creation", { createdFrom: day(2), createdTo: day(3) }, "cb"],
  ["all at once", { customerId: ["ada"], assigneeId: ["bo"], state: "active" }, "b"],
  ["a sender, from the beginning, whatever case", { from: "ADA@" }, "a"],
  ["a beginning that several senders share", { from: "ada" }, "ba"],
  ["what would be a pattern", { from: ".*" }, ""],
  ["a subject", { subject: "É" }, "e"],
  ["the flagged", { flag: true }, "a"],
  ["the others", { flag: false }, "edcb"],
  ["what is due", { due: true }, "b"],
  ["what is not due yet", { due: false }, "d"],
  ["next actions from, included", { nextActionFrom: day(6) }, "db"],
  ["next actions until", { nextActionTo: day(5) }, ""],
  ["what no case has", { caseTypeId: ["praise"] }, ""],
];

test("F131, D12, G03: each filter finds what it says, and all together narrow", async () => {
  const { subjects } = await startCases(...various);

  const found: typeof filters = [];
  for (const [what, asked] of filters) found.push([what, asked, (await subjects(asked)).join("")]);

  expect(found).toEqual(filters);
});

const timed: Partial<Case>[] = [
  {
    ...{ subject: "a", createdAt: day(1), updatedAt: day(9), lastCustomerUpdateAt: day(4) },
    ...{ from: "zoe@example.com", priority: "low", flag: { by: "bo", at: day(5) } },
  },
  { subject: "B", createdAt: day(2), updatedAt: day(8), priority: "high" },
  {
    ...{ subject: "ç", createdAt: day(3), updatedAt: day(7), lastCustomerUpdateAt: day(6) },
    ...{ from: "Ada@example.com", priority: "low", status: "closed" },
  },
  {
    ...{ subject: "d", createdAt: day(4), updatedAt: day(6), lastCustomerUpdateAt: day(5) },
    ...{ from: "ángel@example.com", priority: "high", flag: { by: "bo", at: day(6) } },
  },
];

const orders: Record<NonNullable<Params["sort"]>, string> = {
  "-created": "dçBa",
  created: "aBçd",
  "-updated": "aBçd",
  updated: "dçBa",
  "-lastCustomerUpdate": "çdaB",
  lastCustomerUpdate: "Badç",
  from: "Bçda",
  "-from": "adçB",
  subject: "aBçd",
  "-subject": "dçBa",
  priority: "dBça",
  flag: "daçB",
  relevance: "dçBa",
};

test("D13: each sort gives its order, whole and a page at a time", async () => {
  const { list, subjects } = await startCases(...timed);
  const walk = async (asked: Params) => {
    let walked = "";
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await list({ ...asked, limit: 1, ...(cursor ? { cursor } : {}) });
      walked += page.items.map(({ subject }) => subject).join("");
      cursor = page.nextCursor;
    }
    return walked;
  };

  const found: Record<string, string[]> = {};
  for (const sort of Object.keys(orders) as (keyof typeof orders)[]) {
    found[sort] = [(await subjects({ sort })).join(""), await walk({ sort })];
  }

  expect(found).toEqual(
    Object.fromEntries(Object.entries(orders).map(([sort, order]) => [sort, [order, order]])),
  );
  expect((await subjects({})).join("")).toBe(orders["-created"]);
});

test("F120: count tells how many there are beyond the page", async () => {
  const { list } = await startCases(...various);

  const page = await list({ state: "active", limit: 2, count: true });

  expect(page.items).toHaveLength(2);
  expect(page.total).toBe(4);
});

const bad: Record<string, object> = {
  cursor: { cursor: "bm90LWEtY3Vyc29y" },
  sort: { sort: "colour" },
  limit: { limit: 201 },
  state: { state: "lost" },
  "status[0]": { status: ["lost"] },
  "campaignId[0]": { campaignId: [{ $ne: 1 }] },
  createdFrom: { createdFrom: "yesterday" },
  from: { from: "" },
  flag: { flag: "red" },
  tag: { tag: Array.from({ length: 11 }, String) },
  due: { due: "soon" },
  q: { q: "a".repeat(201) },
  colour: { colour: "red" },
};

test("F120: what a list cannot be asked is refused by its name", async () => {
  const { list } = await startCases();

  for (const [path, asked] of Object.entries(bad)) {
    await expect(list(asked)).rejects.toMatchObject({
      code: 422,
      data: { errors: [expect.objectContaining({ path })] },
    });
  }
});

test("G04: who has not signed in is refused", async () => {
  const { bus } = await startCases();

  const refused = bus.call("cases.list", {});

  await expect(refused).rejects.toMatchObject({ type: "UNAUTHORIZED", code: 401 });
});
