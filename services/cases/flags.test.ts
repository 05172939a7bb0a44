/** Flags on cases (F132, F135): who and when, refusals, the change log. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

async function startCase(said: Partial<Case> = {}) {
  const kase = aCase({ status: "open", assigneeId: "bo", ...said });
  const scopes = [
    {
      ...{ campaignId: kase.campaignId, as: "agent" as const, channelIds: [] },
      ...{ agentsSeeAllCases: false, showOtherCampaigns: true },
    },
  ];
  const bus = await startBus(cases, standIn("campaigns", { scopesOf: () => scopes }));
  await keep(kase);
  const flag = (asked: { flagged?: boolean } = {}, user = as("agent", { id: "bo" })) =>
    bus.call("cases.flag", { id: kase.id, ...asked }, user);
  return { bus, kase, flag };
}

test("F132, F135, D18: a flag says whose it is and since when; twice is as once; it is taken off", async () => {
  const { kase, flag } = await startCase();

  const first = await flag();
  const again = await flag({ flagged: true });
  const off = await flag({ flagged: false });

  expect(first).toMatchObject({ flag: { by: "bo", at: expect.any(Date) }, version: 2 });
  expect(again).toEqual(first);
  expect(off).toMatchObject({ version: 3 });
  expect(off).not.toHaveProperty("flag");
  const told = (await announced("cases", "cases.changed")).filter(
    ({ data }) => data.id === kase.id,
  );
  expect(told.map(({ changes }) => changes.map(({ field }) => field))).toEqual([
    ["flag.by", "flag.at"],
    ["flag"],
  ]);
});

test("G01: who flags a new case opens it", async () => {
  const { flag } = await startCase({ status: "new" });

  expect(await flag()).toMatchObject({ status: "open", version: 2 });
});

test("F135: a case that is closed, only read, or not seen gets no flag", async () => {
  const closed = await startCase({ status: "closed" });
  const foreign = aCase();
  await keep(foreign);
  const hidden = await startCase({ assigneeId: "cy" });
  const bo = as("agent", { id: "bo" });

  await expect(closed.flag()).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
  await expect(closed.bus.call("cases.flag", { id: foreign.id }, bo)).rejects.toMatchObject({
    code: 403,
    type: "READ_ONLY",
  });
  await expect(hidden.flag()).rejects.toMatchObject({ code: 404 });
  await expect(closed.bus.call("cases.flag", { id: newId() }, bo)).rejects.toMatchObject({
    code: 404,
  });
  await expect(closed.flag({ flagged: "red" } as object)).rejects.toMatchObject({
    code: 422,
    data: { errors: [expect.objectContaining({ path: "flagged" })] },
  });
});
