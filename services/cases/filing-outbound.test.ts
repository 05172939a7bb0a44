/** What the company sent, or whom it called, in its case: counted, but not as news of the customer (F138, F059). */
import { expect, test } from "@jest/globals";
import type { Filing } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { as } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { anOffice, chat } from "./routing.samples.ts";
import { cases } from "./tables.store.ts";

const early = new Date("2026-03-01T10:00:00Z");
const late = new Date("2026-03-01T11:00:00Z");

const aFiling = (more: Partial<Filing> = {}): Filing => ({
  ...{ interactionId: newId(), customerId: "ada", campaignId: newId(), channelId: chat },
  ...{ preview: "No signal", at: early },
  ...more,
});

async function start() {
  const ada = newId();
  const agents = [{ userId: ada, channelIds: [chat] }];
  const office = anOffice({ agents });
  const { bus, turn, holderOf } = await office.start();
  const { id: campaignId } = office.campaign;
  const file = async (...filings: Partial<Filing>[]) => {
    const asked = filings.map((one) => aFiling({ campaignId, ...one }));
    return bus.call("cases.file", { filings: asked });
  };
  const read = (id: string | undefined) =>
    bus.call("cases.get", { id: String(id) }, as("administrator"));
  return { bus, ada, campaignId, file, read, turn, holderOf };
}

test("F138: what the company sent counts in the case, yet is neither unread nor the customer's news", async () => {
  const { file, read } = await start();

  const [opened] = await file({ from: "ada@example.com" });
  const [joined] = await file({ direction: "outbound", preview: "Since when?", at: late });

  expect(joined).toMatchObject({ caseId: opened?.caseId, seq: 2, isNew: false });
  expect(await read(opened?.caseId)).toMatchObject({
    ...{ interactionCount: 2, unreadCount: 1, lastCustomerUpdateAt: early, version: 1 },
    lastInteraction: { direction: "outbound", preview: "Since when?", at: late },
  });
});

test("F138: together with messages of the customer, only those count as news", async () => {
  const { file, read } = await start();

  const [opened] = await file({}, { direction: "outbound", at: late });
  await file({ direction: "outbound" }, { at: late }, { direction: "outbound" });

  expect(await read(opened?.caseId)).toMatchObject({
    ...{ interactionCount: 5, unreadCount: 2, lastCustomerUpdateAt: late },
  });
});

test("F070: a call is told from a message in lists", async () => {
  const { file, read } = await start();

  const [opened] = await file({ kind: "call", preview: "+34600111222", from: "+34600111222" });

  expect(await read(opened?.caseId)).toMatchObject({
    ...{ from: "+34600111222", unreadCount: 1 },
    lastInteraction: { kind: "call", direction: "inbound" },
  });
});

test("F059, G07: a case that the company's own message opened is given to nobody until the customer answers", async () => {
  const { bus, ada, campaignId, file, read, turn, holderOf } = await start();
  const [sent] = await file({ direction: "outbound", customerId: "grace" });
  const [heard] = await file({ customerId: "bo" });
  const id = String(sent?.caseId);

  await turn(ada, "available");
  await until(() => holderOf(String(heard?.caseId)));

  const kase = await read(id);
  expect(kase).toMatchObject({ status: "new", unreadCount: 0, interactionCount: 1 });
  expect([kase.assigneeId, kase.from, kase.lastCustomerUpdateAt]).toEqual([]);
  const waiting = () => bus.call("cases.queue", { id: campaignId }, as("administrator"));
  expect(await waiting()).toMatchObject({ count: 0 });

  const [answer] = await file({ customerId: "grace", at: late });

  expect(answer).toMatchObject({ caseId: id, seq: 2 });
  await until(async () => (await holderOf(id)) === ada || (await waiting()).count === 1);
});

test("G03: a case that awaits its customer is in the lists, whatever its priority", async () => {
  const { bus, ada, campaignId, file } = await start();
  const [sent] = await file({ direction: "outbound" });
  const list = async (asked: object) => {
    const page = await bus.call("cases.list", { campaignId: [campaignId], ...asked }, agent);
    return page.items.map(({ id }) => id);
  };
  const agent = as("agent", { id: ada });

  expect(await list({})).toEqual([sent?.caseId]);
  expect(await list({ unassigned: true, priority: ["medium"] })).toEqual([sent?.caseId]);
  expect(await list({ priority: ["high"] })).toEqual([]);
});

test("G01: who acts on a case that awaits its customer lets it wait like any other", async () => {
  const { bus, file } = await start();
  const [sent] = await file({ direction: "outbound" });
  const id = String(sent?.caseId);
  const rankOf = async () => (await cases.native().findOne({ _id: id }))?.rank;
  const before = await rankOf();

  await bus.call("cases.change", { id, version: 1, priority: "high" }, as("administrator"));

  expect([before, await rankOf()]).toEqual([4, 1]);
});
