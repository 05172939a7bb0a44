/** Cases change hands: by hand (F037), and with a merge of customers (F042). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { aCase, keep } from "./a-case.ts";
import { startCases } from "./customer-moves.samples.ts";
import { lineOfQueue } from "./lines.rules.ts";
import { cases as table, mergedCustomers } from "./tables.store.ts";

const administrator = as("administrator");

test("F042, P7: all cases of a merged customer are the survivor's, open and closed, and say so", async () => {
  const { merge, get, bus } = await startCases();
  const [survivor, absorbed] = [newId(), newId()];
  const own = Array.from({ length: 120 }, (_, index) =>
    aCase({ customerId: absorbed, status: index % 2 ? "closed" : "open", customerName: "Old" }),
  );
  await keep(...own, aCase({ customerId: survivor }));

  await merge(survivor, absorbed);

  expect(await get(own[0]!.id)).toMatchObject({
    customerId: survivor,
    customerName: `Name of ${survivor.slice(-4)}`,
    version: 2,
  });
  expect(await bus.call("cases.countOf", { customerIds: [absorbed] })).toEqual({ count: 0 });
  expect(await bus.call("cases.countOf", { customerIds: [survivor] })).toEqual({ count: 121 });
  const told = await announced("cases", "cases.customerReplaced");
  expect(told.filter(({ data }) => data.formerCustomerId === absorbed)).toHaveLength(120);
  const [moved] = (await announced("cases", "cases.customerMoved")).filter(
    ({ data }) => data.absorbedId === absorbed,
  );
  expect(moved?.data.moved).toBe(120);
});

test("F042, B01: where both had an open case in one place, the survivor's keeps it", async () => {
  const { merge, file } = await startCases();
  const [survivor, absorbed, campaignId, channelId] = [newId(), newId(), newId(), newId()];
  const one = await file(survivor, campaignId, channelId);
  const other = await file(absorbed, campaignId, channelId);

  await merge(survivor, absorbed);
  const next = await file(survivor, campaignId, channelId);

  expect(next.caseId).toBe(one.caseId);
  const kept = await table.native().findOne({ _id: other.caseId! });
  expect(kept).toMatchObject({ customerId: survivor, status: "new" });
  expect(kept).not.toHaveProperty("slot");
});

test("F042, B01: a message that still names the merged customer joins, or opens, a case of the survivor's", async () => {
  const { merge, file, get } = await startCases();
  const [survivor, absorbed, campaignId, channelId] = [newId(), newId(), newId(), newId()];
  const before = await file(absorbed, campaignId, channelId);
  await merge(survivor, absorbed);

  const joined = await file(absorbed, campaignId, channelId);
  const opened = await file(absorbed, campaignId, newId());

  expect(joined.caseId).toBe(before.caseId);
  expect(opened).toMatchObject({ isNew: true, customerId: survivor });
  expect(await get(opened.caseId!)).toMatchObject({
    customerId: survivor,
    customerName: `Name of ${survivor.slice(-4)}`,
  });
});

test("F042: a message for the survivor joins the absorbed's open case before that has moved", async () => {
  const { file } = await startCases();
  const [survivor, absorbed, campaignId, channelId] = [newId(), newId(), newId(), newId()];
  const before = await file(absorbed, campaignId, channelId);

  const joined = await file(survivor, campaignId, channelId, [absorbed]);

  expect(joined).toMatchObject({ caseId: before.caseId, isNew: false, seq: 2 });
});

test("F039: cases that were not chosen stay; what would open one more for the absorbed opens the survivor's", async () => {
  const { merge, file, get } = await startCases();
  const [survivor, absorbed, campaignId, channelId] = [newId(), newId(), newId(), newId()];
  const before = await file(absorbed, campaignId, channelId);

  await merge(survivor, absorbed, false);
  const late = await file(absorbed, campaignId, newId());

  expect(await get(before.caseId!)).toHaveProperty("customerId", absorbed);
  expect(late).toMatchObject({ isNew: true, customerId: survivor });
  expect(await mergedCustomers.native().findOne({ _id: absorbed })).toMatchObject({
    into: survivor,
  });
});

test("F037: a case gets another customer; its place goes along, its account does not", async () => {
  const { replace, file, bus } = await startCases();
  const [ada, byron, campaignId, channelId] = [newId(), newId(), newId(), newId()];
  const { caseId = "" } = await file(byron, campaignId, channelId);
  await table.native().updateOne({ _id: caseId }, { $set: { accountId: "an-account" } });

  const replaced = await replace(caseId, 1, ada);
  const next = await file(ada, campaignId, channelId);

  expect(replaced).toMatchObject({ customerId: ada, version: 2 });
  expect(replaced).not.toHaveProperty("accountId");
  expect(next).toMatchObject({ caseId, seq: 2 });
  const [event] = (await announced("cases", "cases.customerReplaced")).filter(
    ({ data }) => data.id === caseId,
  );
  expect(event).toMatchObject({
    aggregate: { kind: "case", id: caseId, version: 2 },
    data: { customerId: ada, formerCustomerId: byron, interactionCount: 1 },
    changes: [
      { field: "customerId", old: byron, new: ada },
      { field: "accountId", old: "an-account", new: null },
    ],
  });
  expect(await bus.call("cases.access", { id: caseId }, administrator)).toHaveProperty(
    "customerId",
    ada,
  );
});

test("F037, G07: a case that gets another customer keeps its place in line", async () => {
  const { replace } = await startCases();
  const [kase] = await keep(aCase({ status: "open" }));

  await replace(kase!.id, 1, newId());

  const line = lineOfQueue(kase!.campaignId);
  expect(await table.native().findOne({ _id: kase!.id })).toMatchObject({ line, rank: 2 });
});

test("F037, D04: a closed case keeps its customer, a stale edit is refused, and so is a customer who is not there", async () => {
  const { replace, merge } = await startCases();
  const [survivor, absorbed] = [newId(), newId()];
  const [closed, open] = await keep(aCase({ status: "closed" }), aCase());
  await merge(survivor, absorbed);

  await expect(replace(closed!.id, 1, survivor)).rejects.toMatchObject({ type: "CASE_CLOSED" });
  await expect(replace(open!.id, 9, survivor)).rejects.toMatchObject({ code: 412 });
  await expect(replace(newId(), 1, survivor)).rejects.toMatchObject({ code: 404 });
  for (const id of [absorbed, "unknown"]) {
    await expect(replace(open!.id, 1, id)).rejects.toMatchObject({
      code: 422,
      data: { errors: [{ path: "customerId" }] },
    });
  }
  expect(await replace(open!.id, 1, open!.customerId)).toEqual(open);
});

test("P7: a list of the survivor's cases has those of both, however far the move has come", async () => {
  const { bus, merge } = await startCases();
  const [survivor, absorbed] = [newId(), newId()];
  const [one, other] = await keep(aCase({ customerId: survivor }), aCase({ customerId: absorbed }));
  await merge(survivor, absorbed);
  const [late] = await keep(aCase({ customerId: absorbed }));

  const listed = await bus.call(
    "cases.list",
    { customerId: [survivor], count: true },
    administrator,
  );

  expect(new Set(listed.items.map(({ id }) => id))).toEqual(
    new Set([one!.id, other!.id, late!.id]),
  );
  expect(listed.total).toBe(3);
});
