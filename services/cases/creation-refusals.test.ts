/** Cases made by hand (F060-F068): every reason to refuse one. */
import { expect, test } from "@jest/globals";
import { conflict, invalidField } from "#shared/errors.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import cases from "./cases.service.ts";
import { aCampaign, aScope, description, neighbours, type Said } from "./creation.samples.ts";

const startCases = async (said: Said = {}) => {
  const { customers, campaigns, identity, customersMade } = neighbours(said);
  const bus = await startBus(
    cases,
    standIn("customers", customers),
    standIn("campaigns", campaigns),
    standIn("identity", identity),
  );
  return Object.assign(bus, { customersMade });
};

const refusedAt = (path: string, code: string) => ({
  type: "VALIDATION_ERROR",
  code: 422,
  data: { errors: [expect.objectContaining({ path, code })] },
});

test("F065: who has several campaigns and works in none must name one", async () => {
  const bus = await startCases({ scopes: [aScope("support"), aScope("sales")] });

  const refused = bus.call("cases.create", { customerId: "ada", description }, as("agent"));

  await expect(refused).rejects.toMatchObject(refusedAt("campaignId", "required"));
});

test("F065, G04: a campaign of others looks like one that is not there", async () => {
  const bus = await startCases({ campaigns: [aCampaign({ id: "sales" })] });
  const create = (campaignId: string) =>
    bus.call("cases.create", { customerId: "ada", description, campaignId }, as("agent"));

  const [foreign, unknown] = await Promise.all(
    ["sales", "nowhere"].map((id) => create(id).catch((error: unknown) => error)),
  );

  expect(foreign).toMatchObject(refusedAt("campaignId", "unknown"));
  expect(foreign).toEqual(unknown);
});

test("G04: a campaign counts only in the role that the user has in it", async () => {
  const bus = await startCases({ scopes: [aScope("support", "supervisor")] });
  const form = { customerId: "ada", description, campaignId: "support" };

  const refused = bus.call("cases.create", form, as("agent"));

  await expect(refused).rejects.toMatchObject(refusedAt("campaignId", "unknown"));
});

test("F065: a disabled campaign takes no new case", async () => {
  const bus = await startCases({ campaigns: [aCampaign({ enabled: false })] });

  const refused = bus.call("cases.create", { customerId: "ada", description }, as("agent"));

  await expect(refused).rejects.toMatchObject(refusedAt("campaignId", "disabled"));
});

test("F063: the case type is one of the campaign's", async () => {
  const bus = await startCases();
  const form = { customerId: "ada", description, caseTypeId: "praise" };

  const refused = bus.call("cases.create", form, as("agent"));

  await expect(refused).rejects.toMatchObject(refusedAt("caseTypeId", "unknown"));
});

test("F062: the customer is there", async () => {
  const bus = await startCases();

  const refused = bus.call("cases.create", { customerId: "nobody", description }, as("agent"));

  await expect(refused).rejects.toMatchObject(refusedAt("customerId", "unknown"));
});

test("F062: a case needs a customer, one that is there or a new one and not both", async () => {
  const bus = await startCases();
  const both = { customerId: "ada", customer: { firstName: "Grace" }, description };

  const without = bus.call("cases.create", { description }, as("agent"));
  await expect(without).rejects.toMatchObject(refusedAt("customerId", "required"));

  const withBoth = bus.call("cases.create", both, as("agent"));
  await expect(withBoth).rejects.toMatchObject(refusedAt("customerId", "exclusive"));
});

test("F068: a form refused for something else makes no customer", async () => {
  const bus = await startCases();
  const form = { customer: { firstName: "Grace" }, description, caseTypeId: "praise" };

  await bus.call("cases.create", form, as("agent")).catch(() => undefined);

  expect(bus.customersMade).toEqual([]);
});

test("G17: a new customer whose document is known is refused with the known one's id", async () => {
  const bus = await startCases({
    createCustomer() {
      throw conflict("CUSTOMER_EXISTS", "There is such a customer", { existingId: "ada" });
    },
  });

  const form = { customer: { firstName: "Ada" }, description };

  const refused = bus.call("cases.create", form, as("agent"));

  await expect(refused).rejects.toMatchObject({
    type: "CUSTOMER_EXISTS",
    code: 409,
    data: { existingId: "ada" },
  });
});

test("F068: what is wrong with the new customer is named inside `customer`", async () => {
  const bus = await startCases({
    createCustomer() {
      throw invalidField("contactPoints[0].value", "is not a phone number", "phone");
    },
  });

  const refused = bus.call("cases.create", { customer: {}, description }, as("agent"));

  await expect(refused).rejects.toMatchObject(
    refusedAt("customer.contactPoints[0].value", "phone"),
  );
});

test("F064: a description of blanks says nothing", async () => {
  const bus = await startCases();

  const refused = bus.call("cases.create", { customerId: "ada", description: " \n" }, as("agent"));

  await expect(refused).rejects.toMatchObject(refusedAt("description", "blank"));
});

test.each([
  ["that is not there", { customerId: "ada", accountId: "nowhere" }],
  ["of another customer", { customerId: "ada", accountId: "line-2" }],
  ["of a customer yet to be made", { customer: { firstName: "Grace" }, accountId: "line-1" }],
])("F067: an account %s is refused, and no customer is made", async (_which, said) => {
  const bus = await startCases();

  const refused = bus.call("cases.create", { ...said, description }, as("agent"));

  await expect(refused).rejects.toMatchObject(refusedAt("accountId", "unknown"));
  expect(bus.customersMade).toEqual([]);
});

test("F068: fields that break the contract are named", async () => {
  const bus = await startCases();
  const form = { customerId: "ada", description: "", priority: "urgent", colour: "red" };

  const refused = bus.call("cases.create", form as never, as("agent"));

  await expect(refused).rejects.toMatchObject({ type: "VALIDATION_ERROR", code: 422 });
  const { data } = (await refused.catch((error: unknown) => error)) as {
    data: { errors: { path: string }[] };
  };
  expect(data.errors.map(({ path }) => path).sort()).toEqual(["colour", "description", "priority"]);
});

test("P12: where a neighbour is away the case is refused for now, and not kept", async () => {
  const bus = await startBus(cases);

  const refused = bus.call("cases.create", { customerId: "ada", description }, as("agent"));

  await expect(refused).rejects.toMatchObject({ type: "UNAVAILABLE", code: 503 });
});

test("G18: a disabled customer gets no new case by hand", async () => {
  const bus = await startCases();

  const refused = bus.call("cases.create", { customerId: "babbage", description }, as("agent"));

  await expect(refused).rejects.toMatchObject(refusedAt("customerId", "disabled"));
});
