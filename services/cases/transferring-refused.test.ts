/** Handing a case on: every reason to refuse (F083-F090, G04, P9). */
import { expect, test } from "@jest/globals";
import { administrator, agent, start, supervisor } from "./closing.samples.ts";

const refusedAt = (path: string, code: string) => ({
  code: 422,
  type: "VALIDATION_ERROR",
  data: { errors: [expect.objectContaining({ path, code })] },
});

test.each([
  [{}, "assigneeId", "required"],
  [{ campaignId: "support" }, "assigneeId", "required"],
  [{ assigneeId: "ada" }, "assigneeId", "unchanged"],
  [{ assigneeId: "nobody-1" }, "assigneeId", "unknown"],
  [{ assigneeId: "cleo" }, "assigneeId", "unknown"],
  [{ assigneeId: "admin" }, "assigneeId", "unknown"],
  [{ assigneeId: "gone" }, "assigneeId", "unknown"],
  [{ campaignId: "nowhere" }, "campaignId", "unknown"],
  [{ campaignId: "sales", assigneeId: "bo" }, "assigneeId", "unknown"],
])("F083, F084: %j is refused by field, and nothing changes", async (wish, path, code) => {
  const { bus, aKept } = await start({ disabled: ["gone"] });
  const { id } = await aKept({ assigneeId: "ada" });

  const refused = bus.call("cases.transfer", { id, ...wish }, administrator);

  await expect(refused).rejects.toMatchObject(refusedAt(path, code));
  expect(await bus.call("cases.get", { id }, administrator)).toMatchObject({ version: 1 });
});

test("F085: a case that nobody has cannot be given to nobody", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();

  const refused = bus.call("cases.transfer", { id, assigneeId: null }, administrator);

  await expect(refused).rejects.toMatchObject(refusedAt("assigneeId", "unchanged"));
});

test("F084: a disabled campaign gets no cases", async () => {
  const { bus, aKept } = await start({ sales: { enabled: false } });
  const { id } = await aKept();

  const refused = bus.call("cases.transfer", { id, campaignId: "sales" }, administrator);

  await expect(refused).rejects.toMatchObject(refusedAt("campaignId", "disabled"));
});

test.each([
  ["allowUserTransfer", { assigneeId: "bo" }, [{ campaignId: "sales" }, { assigneeId: null }]],
  ["allowCampaignTransfer", { campaignId: "sales" }, [{ assigneeId: "bo" }, { assigneeId: null }]],
] as const)("F089, F090, D05: without %s nobody does %j", async (option, wish, others) => {
  const { bus, aKept } = await start({ options: { [option]: false } });
  const { id } = await aKept({ assigneeId: "ada" });

  for (const who of [agent(), supervisor(), administrator]) {
    await expect(bus.call("cases.transfer", { id, ...wish }, who)).rejects.toMatchObject({
      code: 409,
      type: "TRANSFER_NOT_ALLOWED",
      data: { option },
    });
  }
  for (const other of others) {
    const one = await aKept({ assigneeId: "ada" });
    await bus.call("cases.transfer", { id: one.id, ...other }, supervisor());
  }
});

test("G04, F125, P9: not seen 404, only read 403, stale 412; of two who transfer at once one does", async () => {
  const { bus, aKept } = await start({
    options: { agentsSeeAllCases: false, showOtherCampaigns: true },
  });
  const hidden = await aKept({ assigneeId: "bo" });
  const other = await aKept({ campaignId: "sales" });
  const own = await aKept({ assigneeId: "ada", version: 2 });
  const transfer = (id: string, more: object = {}, who: object = agent("ada")) =>
    bus.call("cases.transfer", { id, assigneeId: "bo", ...more }, who);

  await expect(transfer(hidden.id)).rejects.toMatchObject({ code: 404 });
  await expect(transfer(other.id)).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
  await expect(transfer(own.id, { version: 1 })).rejects.toMatchObject({ code: 412 });
  const outcomes = await Promise.allSettled([
    transfer(own.id, { assigneeId: "bo" }, supervisor()),
    transfer(own.id, { assigneeId: "rosa" }, supervisor()),
  ]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("F090: where a case cannot go, nobody is named", async () => {
  const { bus, aKept } = await start({ options: { allowCampaignTransfer: false } });
  const { id } = await aKept();

  const refused = bus.call("cases.transferTargets", { id, campaignId: "sales" }, agent());

  await expect(refused).rejects.toMatchObject({ code: 404 });
});
