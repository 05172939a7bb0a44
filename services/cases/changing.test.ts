/** Changing the form of a case (F080, F081): what it becomes, and every reason to refuse. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";
import { aCampaign, aScope, claims, line, neighbours } from "./creation.samples.ts";

const administrator = as("administrator");

/** The cases service with one case of Ada's in the support campaign, beside its neighbours. */
async function startWithCase(said: Partial<Case> = {}, scope = aScope("support")) {
  const { customers, campaigns } = neighbours({ scopes: [scope] });
  const bus = await startBus(
    cases,
    standIn("customers", { ...customers, identify: unmerged }),
    standIn("campaigns", campaigns),
  );
  const [kase] = await keep(aCase({ customerId: "ada", campaignId: aCampaign().id, ...said }));
  const { id } = kase!;
  const change = (form: object, version = 1, who = administrator) =>
    bus.call("cases.change", { id, version, ...form }, who);
  const found = async (q: string) => {
    const { items } = await bus.call("cases.list", { q, customerId: ["ada"] }, administrator);
    return items.some((one) => one.id === id);
  };
  return { bus, id, kase: kase!, change, found };
}

const told = async (id: string) =>
  (await announced("cases", "cases.changed")).filter(({ aggregate }) => aggregate.id === id);

const refusedAt = (path: string, code: string) => ({
  type: "VALIDATION_ERROR",
  code: 422,
  data: { errors: [expect.objectContaining({ path, code })] },
});

test("F080, F115, F116, G01: the form is changed, which opens the case, and told of in full", async () => {
  const { bus, id, kase, change, found } = await startWithCase({
    subject: "Router",
    description: "It blinks red",
  });
  const form = {
    caseTypeId: claims.id,
    subject: "Modem",
    description: "It smokes",
    priority: "high",
    accountId: line.id,
  };

  const changed = await change(form);

  const by = administrator.meta.actor?.id;
  expect(changed).toEqual({
    ...kase,
    ...form,
    status: "open",
    accountNumber: line.number,
    version: 2,
    updatedAt: expect.any(Date),
    updatedBy: by,
  });
  expect(await bus.call("cases.get", { id }, administrator)).toEqual(changed);
  expect([await found("smokes modem"), await found("router")]).toEqual([true, false]);
  const [event] = await told(id);
  expect(event).toMatchObject({
    aggregate: { kind: "case", version: 2 },
    actor: { id: by },
    data: { id, campaignId: "support", customerId: "ada" },
  });
  expect(event?.changes).toHaveLength(7);
  expect(event?.changes).toEqual(
    expect.arrayContaining([
      { field: "status", old: "new", new: "open" },
      { field: "caseTypeId", old: null, new: claims.id },
      { field: "subject", old: "Router", new: "Modem" },
      { field: "description", old: "It blinks red", new: "It smokes" },
      { field: "priority", old: "medium", new: "high" },
      { field: "accountId", old: null, new: line.id },
      { field: "accountNumber", old: null, new: line.number },
    ]),
  );
});

test("F080, F081: null takes type, subject and account off the case", async () => {
  const { bus, id, change } = await startWithCase({
    subject: "Router",
    caseTypeId: claims.id,
    accountId: line.id,
    accountNumber: line.number,
  });

  const changed = await change({ subject: null, caseTypeId: null, accountId: null });

  for (const field of ["subject", "caseTypeId", "accountId", "accountNumber"]) {
    expect(changed).not.toHaveProperty(field);
  }
  expect(await bus.call("cases.get", { id }, administrator)).toEqual(changed);
});

test("F080: a change without a difference leaves the version, and is not told of", async () => {
  const { id, kase, change } = await startWithCase({
    subject: "Router",
    // as if the campaign had given it up: what stays is not asked about
    caseTypeId: "former",
  });

  const same = await change({ subject: "Router", caseTypeId: "former", accountId: null });

  expect(same).toEqual(kase);
  expect(await told(id)).toEqual([]);
});

test("F080: a case is changed by its number, too", async () => {
  const { bus, kase } = await startWithCase();
  const asked = { id: String(kase.number), version: 1, priority: "low" as const };

  const changed = await bus.call("cases.change", asked, administrator);

  expect(changed).toMatchObject({ id: kase.id, priority: "low" });
});

test("D04: a closed case is not changed", async () => {
  const { kase, change } = await startWithCase({ status: "closed" });

  await expect(change({ priority: "low" })).rejects.toMatchObject({
    code: 409,
    type: "CASE_CLOSED",
    data: { number: kase.number },
  });
});

test.each([
  [{ caseTypeId: "praise" }, "caseTypeId", "unknown"],
  [{ accountId: "nowhere" }, "accountId", "unknown"],
  [{ accountId: "line-2" }, "accountId", "unknown"],
  [{ description: " \n" }, "description", "blank"],
  [{ description: "" }, "description", "stringMin"],
  [{ priority: "urgent" }, "priority", "enumValue"],
  [{ campaignId: "sales" }, "campaignId", "unknownField"],
])("F063, F064, F067, F080: %j is refused by field", async (form, path, code) => {
  const { bus, id, kase, change } = await startWithCase();

  await expect(change(form)).rejects.toMatchObject(refusedAt(path, code));

  expect(await bus.call("cases.get", { id }, administrator)).toEqual(kase);
});

test("P9, F080: a stale change is refused, and of changes made at once one is kept", async () => {
  const { change } = await startWithCase();

  const outcomes = await Promise.allSettled(
    ["a", "b", "c", "d"].map((subject) => change({ subject })),
  );

  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(change({ subject: "e" })).rejects.toMatchObject({
    code: 412,
    type: "STALE_VERSION",
    data: { version: 2 },
  });
});

test("G04: an agent changes a case that the agent sees, and no other", async () => {
  const agent = as("agent");
  const own = await startWithCase({ assigneeId: String(agent.meta.actor?.id) });
  const [foreign] = await keep(aCase({ campaignId: "support", assigneeId: newId() }));
  const asked = { id: foreign!.id, version: 1, priority: "low" as const };

  const changed = await own.change({ priority: "low" }, 1, agent);
  const refused = own.bus.call("cases.change", asked, agent);

  expect(changed).toMatchObject({ priority: "low", updatedBy: agent.meta.actor?.id });
  await expect(refused).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});

test("F125: a case of another campaign that may be read is not changed", async () => {
  const scope = { ...aScope("support"), showOtherCampaigns: true };
  const { change } = await startWithCase({ campaignId: "sales" }, scope);

  const refused = change({ priority: "low" }, 1, as("agent"));

  await expect(refused).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
});
