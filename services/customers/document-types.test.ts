/** Types of documents: configured by administrators, kept to by customers. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";

const administrator = as("administrator");
const agent = as("agent");
let used = 0;
/** A code that no other test has. */
const aCode = () => `T${String((used += 1))}`;
const names = { en: "Residence permit", es: "Permiso de residencia" };
const aType = (more: object = {}) => ({
  code: aCode(),
  names,
  kinds: ["person" as const],
  ...more,
});

test("G17: at the first start there is a set of types, made once however many start", async () => {
  const buses = await Promise.all([startBus(customers), startBus(customers), startBus(customers)]);

  const { items } = await buses[0].call("customers.listDocumentTypes", {}, agent);

  const codes = items.map(({ code }) => code);
  expect(codes.slice(0, 5)).toEqual(["CC", "CE", "TI", "RC", "PA"]);
  expect(codes).toContain("NIT");
  expect(new Set(codes).size).toBe(codes.length);
  expect(items[0]).toMatchObject({
    names: { en: "Identity card", es: "Cédula de ciudadanía" },
    kinds: ["person"],
    enabled: true,
    createdBy: "system",
  });
});

test("G17, D18: a type is configured, listed in its order and announced", async () => {
  const bus = await startBus(customers);

  const created = await bus.call(
    "customers.createDocumentType",
    aType({ pattern: "[A-Z]{1,2}[0-9]{6}", order: 5, kinds: ["company", "company"] }),
    administrator,
  );

  expect(created).toMatchObject({ names, kinds: ["company"], enabled: true, version: 1 });
  const { items } = await bus.call("customers.listDocumentTypes", { kind: "company" }, agent);
  expect(items[0]).toEqual(created);
  expect(items.every(({ kinds }) => kinds.includes("company"))).toBe(true);
  const [event] = (await announced("customers", "customers.documentTypeCreated")).filter(
    ({ data }) => data.id === created.id,
  );
  expect(event).toMatchObject({
    aggregate: { kind: "documentType", version: 1 },
    actor: { id: administrator.meta.actor?.id },
  });
  expect(event?.changes).toContainEqual({ field: "pattern", old: null, new: created.pattern });
});

test("G17: a type is changed by version; one out of use leaves the list of those in use", async () => {
  const bus = await startBus(customers);
  const { id, code } = await bus.call(
    "customers.createDocumentType",
    aType({ pattern: "[0-9]{3}" }),
    administrator,
  );
  const change = (version: number, more: object) =>
    bus.call("customers.changeDocumentType", { id, version, ...more }, administrator);

  const changed = await change(1, { enabled: false, pattern: null });

  expect(changed).toMatchObject({ id, code, enabled: false, version: 2 });
  expect(changed).not.toHaveProperty("pattern");
  expect(await change(2, { enabled: false })).toEqual(changed);
  await expect(change(1, { order: 3 })).rejects.toMatchObject({
    code: 412,
    data: { version: 2 },
  });
  const { items } = await bus.call("customers.listDocumentTypes", { enabled: true }, agent);
  expect(items.map((type) => type.id)).not.toContain(id);
  const [event] = (await announced("customers", "customers.documentTypeChanged")).filter(
    ({ data }) => data.id === id,
  );
  expect(event?.changes).toEqual([
    { field: "enabled", old: true, new: false },
    { field: "pattern", old: "[0-9]{3}", new: null },
  ]);
});

test("G17: a code is there once, however it is written", async () => {
  const bus = await startBus(customers);
  const type = aType({ code: `x-${aCode()}` });
  const { id } = await bus.call("customers.createDocumentType", type, administrator);

  const again = { ...type, code: type.code.toUpperCase().replace("-", ".") };
  const outcomes = await Promise.allSettled(
    [again, again].map((one) => bus.call("customers.createDocumentType", one, administrator)),
  );

  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { code: 409, type: "DOCUMENT_TYPE_EXISTS", data: { existingId: id } },
    });
  }
  const unknown = { id: newId(), version: 1, order: 1 };
  await expect(
    bus.call("customers.changeDocumentType", unknown, administrator),
  ).rejects.toMatchObject({ code: 404 });
});

test.each([
  ["(a+)+"],
  ["[0-9]+"],
  ["[0-9]*"],
  ["\\d{3}"],
  ["[9-0]"],
  ["[0-9]{5,3}"],
  ["A?B?C?D?"],
  ["[a-z]"],
  ["A|B"],
  [""],
])("G17: %p is no pattern that is compared quickly", async (pattern) => {
  const bus = await startBus(customers);

  await expect(
    bus.call("customers.createDocumentType", aType({ pattern }), administrator),
  ).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "pattern" }] } });
});

test("G17: a document is kept to its type's kind and pattern, whatever its punctuation", async () => {
  const bus = await startBus(customers);
  const { code } = await bus.call(
    "customers.createDocumentType",
    aType({ pattern: "[XYZ][0-9]{7}[A-Z]" }),
    administrator,
  );
  const document = (documentNumber: string, documentType = code) =>
    bus.call("customers.create", { documentType, documentNumber }, agent);
  const refused = (path: string) => ({ code: 422, data: { errors: [{ path }] } });

  const kept = await document("x-1.234.567-l", code.toLowerCase());

  expect(kept).toMatchObject({ documentNumber: "x-1.234.567-l" });
  await expect(document("1234567L")).rejects.toMatchObject(refused("documentNumber"));
  await expect(document("X1234567LL")).rejects.toMatchObject(refused("documentNumber"));
  await expect(
    bus.call(
      "customers.create",
      { kind: "company", documentType: code, documentNumber: "X1234567A" },
      agent,
    ),
  ).rejects.toMatchObject(refused("documentType"));
  await expect(
    bus.call("customers.change", { id: kept.id, version: 1, documentNumber: "1" }, agent),
  ).rejects.toMatchObject(refused("documentNumber"));
});

test("G17: a type that nobody configured is taken as it is", async () => {
  const bus = await startBus(customers);
  const document = { documentType: "Library card", documentNumber: newId() };

  const created = await bus.call("customers.create", { ...document }, agent);

  expect(created).toMatchObject(document);
});

test("G17: a type out of use stays with who has it and is given to nobody else", async () => {
  const bus = await startBus(customers);
  const type = await bus.call("customers.createDocumentType", aType(), administrator);
  const document = { documentType: type.code, documentNumber: "1" };
  const { id } = await bus.call("customers.create", { ...document, firstName: "Ada" }, agent);
  await bus.call(
    "customers.changeDocumentType",
    { id: type.id, version: 1, enabled: false },
    administrator,
  );

  const edited = await bus.call(
    "customers.change",
    { id, version: 1, firstName: "Augusta", documentType: type.code },
    agent,
  );

  expect(edited).toMatchObject({ ...document, firstName: "Augusta" });
  await expect(
    bus.call("customers.create", { ...document, documentNumber: "2" }, agent),
  ).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "documentType" }] } });
});
