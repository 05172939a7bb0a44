/** The API's description: complete and sound. */
import { expect, test } from "@jest/globals";
import type { Contract } from "#shared/contract.ts";
import { contracts } from "#shared/contracts/index.ts";
import { document, fits, named, operations } from "../tests/described.ts";

test("B11: every published action and every door is described, and nothing else", () => {
  const published = Object.entries<Contract>(contracts).flatMap(
    ([service, { actions, doors = {} }]) => [
      ...Object.entries(actions).flatMap(([name, { rest }]) =>
        rest ? [`${service}.${name} ${rest}`] : [],
      ),
      ...Object.entries(doors).map(([name, { rest }]) => `${service}.${name} ${rest}`),
    ],
  );
  const described = operations.map(({ path, method, operation }) => {
    const route = path.replace("/api/v1", "").replaceAll(/\{(\w+)\}/g, ":$1");
    return `${operation.operationId} ${method.toUpperCase()} ${route}`;
  });

  expect(described.sort()).toEqual(published.sort());
});

test("B11: the document has the form that OpenAPI 3.1 wants", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(document.info).toMatchObject({
    title: "Casewire",
    version: expect.any(String) as unknown,
  });
  for (const { path, operation } of operations) {
    const inPath = operation.parameters.filter((one) => one.in === "path");
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(inPath.every(({ required }) => required)).toBe(true);
    expect(Object.keys(operation.responses)).toContain("503");
    expect(Object.keys(operation.responses).some((status) => /^(2\d\d|302)$/.test(status))).toBe(
      true,
    );
    const keys = operation.parameters.map((one) => `${one.in} ${one.name}`);
    expect(new Set(keys).size).toBe(keys.length);
  }
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const shapes = operations.map(({ path }) => path.replaceAll(/\{\w+\}/g, "{}"));
  const templates = Object.keys(document.paths).map((path) => path.replaceAll(/\{\w+\}/g, "{}"));
  expect(new Set(templates).size).toBe(new Set(shapes).size);
});

test("B11: every reference leads somewhere and every schema compiles", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
  for (const [, reference = ""] of references) {
    const found = reference
      .slice(2)
      .split("/")
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
    expect([reference, typeof found]).toEqual([reference, "object"]);
  }
  expect(references.length).toBeGreaterThan(100);

  for (const { operation } of operations) {
    const schemas = [
      ...operation.parameters.map(({ schema }) => schema),
      ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
      ...Object.values(operation.responses).flatMap(({ content = {} }) =>
        Object.values(content).map(({ schema }) => schema),
      ),
    ];
    for (const schema of schemas) expect(() => fits(schema, undefined)).not.toThrow();
  }
});

test("B11: what travels in headers, bodies and addresses is described as the gateway reads it", () => {
  const names = (operationId: string, where: string) =>
    named(operationId)
      .operation.parameters.filter((one) => one.in === where)
      .map(({ name, required }) => (required ? `${name}!` : name));

  expect(names("campaigns.change", "header")).toEqual(["If-Match!"]);
  expect(names("campaigns.setAgents", "header")).toEqual(["If-Match"]);
  expect(names("cases.create", "header")).toEqual(["Idempotency-Key"]);
  expect(names("identity.signIn", "header")).toEqual([]);
  expect(names("channels.receive", "header")).toEqual(["Idempotency-Key", "Prefer"]);
  expect(names("files.download", "header")).toEqual(["Range"]);
  expect(names("customers.list", "query")).toEqual(expect.arrayContaining(["limit", "q"]));
  expect(named("campaigns.change").operation.parameters.map(({ name }) => name)).not.toContain(
    "version",
  );
  expect(Object.keys(named("channels.receiveRaw").operation.requestBody!.content)).toEqual([
    "message/rfc822",
  ]);
  expect(named("channels.createKey").operation.requestBody).toBeUndefined();
  expect(named("identity.signIn").operation.security).toEqual([]);
  expect(named("identity.me").operation.security).toEqual([{ bearer: [] }]);
});

test("B11: the schema of a message refuses what the gateway refuses", () => {
  const { schema } = named("channels.receive").operation.requestBody!.content["application/json"]!;
  const message = { externalId: "m", from: { type: "email", value: "a@b.co" }, text: "x" };

  expect(fits(schema, message)).toBe(true);
  for (const wrong of [
    { ...message, more: 1 },
    { ...message, externalId: "" },
    { ...message, externalId: "a\nb" },
    { ...message, to: null },
    { ...message, from: { ...message.from, type: "pigeon" } },
    { ...message, sentAt: "yesterday" },
    { ...message, attachments: [{ name: "a", contentBase64: "%" }] },
  ]) {
    expect([wrong, fits(schema, wrong)]).not.toEqual([wrong, true]);
  }
});
