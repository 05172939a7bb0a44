/** Closing a case (F107-F111, D04, D07): what becomes of it, and every reason why not. */
import { expect, test } from "@jest/globals";
import { as } from "#shared/testing/bus.ts";
import { administrator, aFiling, agent, command, kept, start, told } from "./closing.samples.ts";

test("F107, D18: closing says when and by whom, takes it out of its line, and is told of", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept({ status: "open", assigneeId: "ada" });
  const who = agent();

  const closed = await bus.call("cases.close", { id, version: 1 }, who);

  expect(closed).toMatchObject({
    status: "closed",
    version: 2,
    closedBy: "ada",
    updatedBy: "ada",
    assigneeId: "ada",
  });
  expect(closed.closedAt).toEqual(closed.updatedAt);
  expect(await bus.call("cases.get", { id }, who)).toEqual(closed);
  const row = await kept(id);
  expect(row).toMatchObject({ line: "closed|user|ada", active: false });
  const [event] = await told("cases.closed", id);
  expect(event).toMatchObject({
    aggregate: { kind: "case", version: 2 },
    data: { id, campaignId: "support", assigneeId: "ada" },
  });
  expect(event?.changes.map(({ field, old, new: now }) => [field, old, now])).toEqual(
    expect.arrayContaining([
      ["status", "open", "closed"],
      ["closedBy", null, "ada"],
      ["closedAt", null, expect.anything()],
    ]),
  );
});

test.each(["new", "open", "transferred", "escalated"] as const)(
  "G01: a case that is %s can be closed",
  async (status) => {
    const { bus, aKept } = await start();
    const { number } = await aKept({ status });

    expect(await bus.call("cases.close", { id: String(number) }, agent())).toMatchObject({
      status: "closed",
    });
  },
);

test("F108, D04: a closed case is closed for good: nothing changes, transfers or closes it", async () => {
  const { bus, aKept } = await start();
  const { id, number } = await aKept({ status: "closed" });
  const refusal = { code: 409, type: "CASE_CLOSED", data: { number } };

  const attempts = [
    () => bus.call("cases.close", { id }, administrator),
    () => bus.call("cases.transfer", { id, assigneeId: "bo" }, administrator),
    () => bus.call("cases.escalate", { id }, administrator),
    () => bus.call("cases.change", { id, version: 1, subject: "x" }, administrator),
  ];

  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(refusal);
  expect(await bus.call("cases.closing", { id }, administrator)).toMatchObject({
    closable: false,
    reasons: [{ code: "CASE_CLOSED" }],
  });
});

test("F109, D11: everybody in the case leaves it with its closing", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();
  const [one, other] = [agent("ada"), agent("bo")];
  for (const who of [one, other]) await bus.call("cases.enter", { id }, who);

  await bus.call("cases.close", { id }, one);

  expect(await bus.call("cases.presence", { id }, one)).toEqual({ items: [] });
});

test("F110, F111, D07: the refusal names every reason, and so does the preview; then nothing changed", async () => {
  const { bus, aKept, asked } = await start({
    options: { allowCloseWithoutActivity: false, allowCloseWithIncompleteCustomer: false },
    missing: ["documentNumber", "lastName"],
  });
  const { id, number, customerId } = await aKept();
  const who = agent();

  const preview = await bus.call("cases.closing", { id }, who);
  const refused = bus.call("cases.close", { id }, who);

  const reasons = [
    { code: "NO_ACTIVITY", message: expect.any(String) },
    {
      code: "CUSTOMER_INCOMPLETE",
      message: expect.stringContaining("documentNumber, lastName"),
      missing: ["documentNumber", "lastName"],
    },
  ];
  expect(preview).toEqual({ id, version: 1, closable: false, reasons });
  await expect(refused).rejects.toMatchObject({
    code: 409,
    type: "CASE_NOT_CLOSABLE",
    data: { number, reasons },
  });
  expect(asked[0]).toEqual({
    id: customerId,
    fields: ["documentType", "documentNumber", "firstName", "lastName"],
  });
  expect(await bus.call("cases.get", { id }, who)).toMatchObject({ status: "new", version: 1 });
  expect(await told("cases.closed", id)).toEqual([]);
});

test.each([
  [{ allowCloseWithoutActivity: false }, { activityCount: 1 }, ["lastName" as const]],
  [{ allowCloseWithIncompleteCustomer: false }, {}, []],
  [{}, {}, ["lastName" as const]],
])(
  "F110, F111: %j closes a case with %j whose customer lacks %j",
  async (options, said, missing) => {
    const { bus, aKept } = await start({ options, missing });
    const { id } = await aKept(said);

    expect(await bus.call("cases.closing", { id }, agent())).toMatchObject({ closable: true });
    expect(await bus.call("cases.close", { id }, agent())).toMatchObject({ status: "closed" });
  },
);

test.each(["administrator", "supervisor", "agent"] as const)(
  "D05: that an activity is wanted binds the %s, too",
  async (role) => {
    const { bus, aKept } = await start({ options: { allowCloseWithoutActivity: false } });
    const { id } = await aKept();
    const who = as(role, { id: role === "supervisor" ? "rosa" : "ada" });

    await expect(bus.call("cases.close", { id }, who)).rejects.toMatchObject({
      type: "CASE_NOT_CLOSABLE",
    });
  },
);

test("G04, F125: who does not see a case closes nothing; who may only read it is told so", async () => {
  const { bus, aKept } = await start({
    options: { agentsSeeAllCases: false, showOtherCampaigns: true },
  });
  const { id } = await aKept({ assigneeId: "bo" });
  const { id: other } = await aKept({ campaignId: "sales" });
  const close = (caseId: string) => bus.call("cases.close", { id: caseId }, agent("ada"));

  await expect(close(id)).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  await expect(close(other)).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
  await expect(close("nowhere")).rejects.toMatchObject({ code: 404 });
});

test("P9: closing on an older version is refused; of two who close at once one does", async () => {
  const { bus, aKept } = await start();
  const [stale, raced] = [await aKept({ version: 3 }), await aKept()];

  const refused = bus.call("cases.close", { id: stale.id, version: 2 }, agent());
  await expect(refused).rejects.toMatchObject({ code: 412, type: "STALE_VERSION" });
  const outcomes = await Promise.allSettled(
    ["ada", "bo", "ada"].map((id) => bus.call("cases.close", { id: raced.id }, agent(id))),
  );

  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await told("cases.closed", raced.id)).toHaveLength(1);
});

test("B01: the same command again answers as the first time", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();
  const once = command(agent());

  const closed = await bus.call("cases.close", { id }, once);

  expect(await bus.call("cases.close", { id }, once)).toEqual(closed);
  expect(await told("cases.closed", id)).toHaveLength(1);
});

test("D01, F108: the next message of its thread opens a case that follows up; a third one joins that", async () => {
  const { bus } = await start();
  const customerId = "lovelace";
  const file = async () =>
    (await bus.call("cases.file", { filings: [aFiling({ customerId })] }))[0]!;
  const first = await file();
  await bus.call("cases.close", { id: first.caseId! }, administrator);

  const [second, third] = [await file(), await file()];

  expect(second).toMatchObject({ isNew: true, seq: 1 });
  expect(third).toMatchObject({ isNew: false, caseId: second.caseId, seq: 2 });
  const followUp = await bus.call("cases.get", { id: second.caseId! }, administrator);
  expect(followUp.followUpOf).toBe(first.caseId);
  expect(await bus.call("cases.get", { id: first.caseId! }, administrator)).toMatchObject({
    status: "closed",
    interactionCount: 1,
  });
  const row = await kept(first.caseId!);
  expect(row).not.toHaveProperty("slot");
  expect(row?.formerSlot).toBe(`${customerId}|support|thread|chat-1|thread`);
});

test("D01: on a channel without threads the next message opens a case of its own", async () => {
  const { bus } = await start();
  const { threadKey: _none, ...filing } = aFiling();
  const file = async () => {
    const filings = [{ ...filing, interactionId: crypto.randomUUID() }];
    return (await bus.call("cases.file", { filings }))[0]!;
  };
  const first = await file();
  await bus.call("cases.close", { id: first.caseId! }, administrator);

  const second = await file();

  expect(second.isNew).toBe(true);
  expect(second.caseId).not.toBe(first.caseId);
});
