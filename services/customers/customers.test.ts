import { expect, test } from "@jest/globals";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { newId } from "#shared/ids.ts";
import customers from "./customers.service.ts";

const agent = as("agent");
let used = 0;
const twice = (...values: string[]) => values.map((value) => ({ type: "email", value }) as const);
const documentNumber = () => `${process.pid.toString()}-${String((used += 1))}`;

test("F001, F013, G17: a person is created with its basic information, and announced", async () => {
  const bus = await startBus(customers);

  const created = await bus.call(
    "customers.create",
    {
      documentType: "CC",
      documentNumber: "52.100.200",
      firstName: "Ada",
      middleName: "Augusta",
      lastName: "King",
      secondLastName: "Byron",
      birthDate: "1815-12-10",
      gender: "female",
      tags: ["vip", "vip"],
      contactPoints: [{ type: "email", value: "Ada@Example.com", label: "work" }],
    },
    agent,
  );

  expect(created).toMatchObject({
    kind: "person",
    displayName: "Ada Augusta King Byron",
    tags: ["vip"],
    disabled: false,
    version: 1,
    createdBy: agent.meta.actor?.id,
    contactPoints: [{ type: "email", value: "Ada@example.com", label: "work" }],
  });
  expect(await bus.call("customers.get", { id: created.id }, agent)).toEqual(created);
  const events = await announced("customers", "customers.created");
  const event = events.find(({ aggregate }) => aggregate.id === created.id);
  expect(event).toMatchObject({
    aggregate: { kind: "customer", version: 1 },
    data: { id: created.id, kind: "person" },
    actor: { id: agent.meta.actor?.id },
  });
  expect(event?.changes).toContainEqual({ field: "firstName", old: null, new: "Ada" });
  expect(event?.changes).toContainEqual({
    field: "contactPoints",
    old: null,
    new: { id: expect.any(String), type: "email", value: "Ada@example.com", label: "work" },
  });
});

test("G17: a company goes by its business name", async () => {
  const bus = await startBus(customers);

  const { kind, displayName } = await bus.call(
    "customers.create",
    { kind: "company", businessName: "Analytical Engines" },
    agent,
  );

  expect({ kind, displayName }).toEqual({ kind: "company", displayName: "Analytical Engines" });
});

test("F013: who has no name goes by the document, or else by the first contact point", async () => {
  const bus = await startBus(customers);
  const contactPoints = twice("nobody@example.com", "no.one@example.com");
  const document = { documentType: "CC", documentNumber: documentNumber() };

  const known = await bus.call("customers.create", { ...document, contactPoints }, agent);
  const unknown = await bus.call("customers.create", { contactPoints }, agent);

  expect(known.displayName).toBe(`CC ${document.documentNumber}`);
  expect(unknown.displayName).toBe("nobody@example.com");
});

test("G17, F024: a customer that is refused is told by field", async () => {
  const bus = await startBus(customers);
  const drafts = [
    [{}, "firstName"],
    [{ documentType: "CC" }, "firstName"],
    [{ documentNumber: "1" }, "documentType"],
    [{ documentType: "CC", documentNumber: "--" }, "documentNumber"],
    [{ documentType: "..", documentNumber: "1" }, "documentType"],
    [{ firstName: "Ada", businessName: "Engines" }, "businessName"],
    [{ kind: "company", firstName: "Ada" }, "businessName"],
    [{ firstName: "Ada", birthDate: "1815-02-30" }, "birthDate"],
    [{ contactPoints: [{ type: "email", value: "ada" }] }, "contactPoints[0].value"],
    [{ contactPoints: [{ type: "phone", value: "600111222" }] }, "contactPoints[0].value"],
    [{ contactPoints: [{ type: "social", value: "@" }] }, "contactPoints[0].value"],
    [{ contactPoints: twice("ada@example.com", "ADA@example.com") }, "contactPoints[1].value"],
  ] as const;

  for (const [draft, path] of drafts) {
    const refused = bus.call("customers.create", structuredClone(draft) as never, agent);

    await expect(refused).rejects.toMatchObject({
      code: 422,
      type: "VALIDATION_ERROR",
      data: { errors: expect.arrayContaining([expect.objectContaining({ path })]) },
    });
  }
});

test("G17, D19: a document is unique however it is written", async () => {
  const bus = await startBus(customers);
  const { id } = await bus.call(
    "customers.create",
    { documentType: "NIF", documentNumber: "12345678-Z" },
    agent,
  );

  const refused = bus.call(
    "customers.create",
    { documentType: "nif", documentNumber: " 12.345.678 z" },
    agent,
  );

  await expect(refused).rejects.toMatchObject({
    code: 409,
    type: "CUSTOMER_EXISTS",
    data: { existingId: id },
  });
  await expect(
    bus.call("customers.create", { documentType: "CC", documentNumber: "12345678Z" }, agent),
  ).resolves.toHaveProperty("id");
});

test("G17: of many that create the same document at once, one does", async () => {
  const bus = await startBus(customers);
  const draft = { documentType: "CC", documentNumber: documentNumber() };

  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => bus.call("customers.create", { ...draft }, as("agent"))),
  );

  const created = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
  const refusals = outcomes.flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  expect(created).toHaveLength(1);
  expect(refusals).toHaveLength(19);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({ type: "CUSTOMER_EXISTS", data: { existingId: created[0] } });
  }
});

test("B01: a command that is repeated creates one customer", async () => {
  const bus = await startBus(customers);
  const { meta } = as("agent");
  const once = { meta: { ...meta, commandId: newId() } };
  const draft = { documentType: "CC", documentNumber: documentNumber() };

  const [first, second] = [
    await bus.call("customers.create", { ...draft }, once),
    await bus.call("customers.create", { ...draft }, once),
  ];

  expect(second.id).toBe(first.id);
});

test("F013: customers are described for copies kept elsewhere, unknown ones left out", async () => {
  const bus = await startBus(customers);
  const document = { documentType: "CC", documentNumber: documentNumber() };
  const ada = await bus.call("customers.create", { firstName: "Ada", ...document }, agent);
  const bo = await bus.call("customers.create", { firstName: "Bo" }, agent);

  const described = await bus.call("customers.describe", { ids: [bo.id, newId(), ada.id] });

  expect(described).toHaveLength(2);
  expect(described).toEqual(
    expect.arrayContaining([
      { id: bo.id, name: "Bo" },
      { id: ada.id, name: "Ada", document: `CC ${document.documentNumber}` },
    ]),
  );
});
