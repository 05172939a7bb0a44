/** What a customer lacks of what a campaign requires (D07). */
import { expect, test } from "@jest/globals";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { newId } from "#shared/ids.ts";
import customers from "./customers.service.ts";

const administrator = as("administrator");
const usual = ["documentType", "documentNumber", "firstName", "lastName"] as const;

async function start() {
  const bus = await startBus(customers, standIn("cases", { countOf: () => ({ count: 0 }) }));
  const made = async (said: object) => (await bus.call("customers.create", said, administrator)).id;
  const missing = async (id: string, fields: readonly (typeof usual)[number][] = usual) =>
    (await bus.call("customers.missingOf", { id, fields: [...fields] })).missing;
  return { bus, made, missing };
}

test("D07: what is required and empty is missing, in the order in which it is asked for", async () => {
  const { made, missing } = await start();
  const documented = { documentType: "CC", documentNumber: newId() };

  expect(await missing(await made({ firstName: "Ada" }))).toEqual([
    "documentType",
    "documentNumber",
    "lastName",
  ]);
  expect(await missing(await made({ ...documented, firstName: "Ada", lastName: "B" }))).toEqual([]);
});

test("D07: lists are asked for, too", async () => {
  const { bus, made } = await start();
  const fields = ["tags", "contactPoints", "birthDate"] as const;
  const contactPoints = [{ type: "email", value: `${newId()}@example.com` }];
  const ask = (id: string) => bus.call("customers.missingOf", { id, fields: [...fields] });

  expect(await ask(await made({ contactPoints, tags: ["vip"] }))).toEqual({
    missing: ["birthDate"],
  });
  expect(await ask(await made({ firstName: "Ada" }))).toEqual({ missing: [...fields] });
});

test("D07: a company is not asked for what only persons have, nor the other way round", async () => {
  const { bus, made } = await start();
  const all = [...usual, "businessName", "gender"] as const;
  const company = await made({ kind: "company", businessName: "Analytical Engines" });
  const person = await made({ firstName: "Ada" });
  const ask = async (id: string) =>
    (await bus.call("customers.missingOf", { id, fields: [...all] })).missing;

  expect(await ask(company)).toEqual(["documentType", "documentNumber"]);
  expect(await ask(person)).toEqual(["documentType", "documentNumber", "lastName", "gender"]);
});

test("D07, D03: of a merged customer the survivor is asked; who is not there lacks nothing", async () => {
  const { bus, made, missing } = await start();
  const survivorId = await made({ firstName: "Ada", lastName: "Byron" });
  const absorbedId = await made({ lastName: "King" });
  await bus.call("customers.merge", { survivorId, absorbedId }, administrator);

  expect(await missing(absorbedId, ["firstName", "lastName"])).toEqual([]);
  expect(await missing("nowhere")).toEqual([]);
});
