import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { inMemory } from "../../tests/people/in-memory.ts";
import { population } from "../../tests/people/population.ts";
import { qualityOf } from "../../tests/people/quality.ts";
import { create, lookupsOf } from "./customers.rules.ts";
import { likenessKeysOf, soughtKeysOf } from "./likeness.rules.ts";
import { nameWordsOf, soundOf } from "./name-words.rules.ts";
import { comparable, likeness } from "./similarity.rules.ts";
import { usualWeights, weightsOf } from "./similarity-weights.rules.ts";
import { isSlip, isSwap } from "./slips.rules.ts";

type Draft = Parameters<typeof create>[0];
const aCustomer = (draft: Partial<Draft>): Customer => {
  const stamp = { id: "1", newId: () => "1", at: new Date(0), by: "test" };
  return create({ kind: "person", tags: [], ...draft }, stamp);
};

test("F035, F036: duplicates of 250 people are told from their relatives and namesakes", async () => {
  const labelled = [...population({ seed: 77, people: 250, customers: 1_500 })];
  const search = inMemory(labelled.map(({ customer }) => customer));

  const quality = await qualityOf(labelled, ({ customer }) =>
    search.search(customer, usualWeights, 60),
  );

  expect(quality.pairs).toBeGreaterThan(800);
  expect(quality.precision).toBeGreaterThanOrEqual(0.96);
  expect(quality.recall).toBeGreaterThanOrEqual(0.93);
  expect(quality.amongFirstFive).toBeGreaterThanOrEqual(0.98);
});

test("F035: a first message costs few keys", () => {
  const contactPoints = [{ type: "email" as const, value: "Ada.Byron@x.example.com" }];
  const arrived = aCustomer({ firstName: "Ada", lastName: "Byron", contactPoints });

  expect(lookupsOf(arrived).likenessKeys).toEqual(["n:ad brn|", "e:adabyron@x.example.com|"]);
});

test("F035: keys are bounded, whatever a customer holds", () => {
  const contactPoints = Array.from({ length: 50 }, (_, index) => ({
    type: "email" as const,
    value: `${"x".repeat(60)}${String(index)}@${"y".repeat(60)}.example.com`,
  }));
  const firstName = "a b c d e f g h i j k l m n o p q r s t u v w";
  const crowded = aCustomer({ firstName, contactPoints, birthDate: "1980-01-01" });

  expect(likenessKeysOf(crowded).length).toBeLessThanOrEqual(60);
  expect(soughtKeysOf(crowded).length).toBeLessThanOrEqual(60);
  expect(Math.max(...likenessKeysOf(crowded).map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test("F035: who is disabled or merged into another has no keys, and can still be sought for", () => {
  const customer = aCustomer({ firstName: "Ada", lastName: "Byron" });

  expect(likenessKeysOf({ ...customer, disabled: true })).toEqual([]);
  expect(likenessKeysOf({ ...customer, mergedInto: "2" })).toEqual([]);
  expect(soughtKeysOf({ ...customer, disabled: true })).not.toEqual([]);
});

test("F035: whatever a customer is, one just like it is reached by a key", () => {
  const name = fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }), {
    nil: null,
  });
  const day = fc.option(fc.constantFrom("1980-02-29", "2001-12-01"), { nil: null });

  fc.assert(
    fc.property(name, name, day, (firstName, lastName, birthDate) => {
      const contactPoints = [{ type: "mobile" as const, value: "+34600111222" }];
      const customer = aCustomer({ firstName, lastName, birthDate, contactPoints });
      const kept = likenessKeysOf(customer);
      const reached = soughtKeysOf(customer).filter((key) =>
        kept.some((one) => one.startsWith(key)),
      );
      expect(reached.length).toBeGreaterThan(0);
      const own = comparable(customer);
      expect(likeness(own, own, usualWeights).similarity).toBeLessThanOrEqual(100);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["jimenez", "gimenez", true],
  ["velazquez", "belasques", true],
  ["yolanda", "iolanda", true],
  ["philips", "filips", true],
  ["garcia", "lopez", false],
])("F035: %p and %p sound alike: %p", (one, other, alike) => {
  expect(soundOf(one) === soundOf(other)).toBe(alike);
});

test("F035: names are words without accents, fillers and punctuation", () => {
  const words = nameWordsOf({ firstName: "María-José de la", lastName: "O'Brien" });

  expect(words).toEqual(["maria", "jose", "obrien"]);
  expect(nameWordsOf({ businessName: "De la" })).toEqual(["de", "la"]);
});

test("F035: a slip is one character, or two changed over", () => {
  expect([isSlip("garcia", "gracia"), isSwap("garcia", "gracia")]).toEqual([true, true]);
  expect([isSlip("garcia", "garca"), isSlip("garcia", "garcias")]).toEqual([true, true]);
  expect([isSlip("garcia", "marcos"), isSwap("same", "same")]).toEqual([false, false]);
});

const compared = (one: Partial<Draft>, other: Partial<Draft>) =>
  likeness(comparable(aCustomer(one)), comparable(aCustomer(other)), usualWeights);

test("F036: each matched field says how near it is, what disagrees is not among them", () => {
  const own = { firstName: "Ana", lastName: "Echevarría", documentType: "CC" };

  const { matched } = compared(
    { ...own, birthDate: "1980-03-07", documentNumber: "5241897" },
    { ...own, birthDate: "1980-07-03", documentNumber: "5248197", lastName: "Echevaria" },
  );

  expect(matched).toEqual([
    { field: "documentNumber", score: 95 },
    { field: "birthDate", score: 90 },
    { field: "name", score: expect.any(Number) },
  ]);
});

test("F036: what one of both does not have says nothing", () => {
  const ana = { firstName: "Ana", lastName: "Uría" };

  const bare = compared(ana, ana).similarity;

  expect(compared({ ...ana, birthDate: "1980-03-07" }, ana).similarity).toBe(bare);
  const birthDate = "1980-03-07";
  expect(compared({ ...ana, birthDate }, { ...ana, birthDate }).similarity).toBeGreaterThan(bare);
  const other = { ...ana, birthDate: "1951-10-30" };
  expect(compared({ ...ana, birthDate }, other).similarity).toBeLessThan(bare);
});

test("F036: brothers and sisters who share phone and e-mail are not the same", () => {
  const contactPoints = [
    { type: "phone" as const, value: "+34600111222" },
    { type: "email" as const, value: "family@x.example.com" },
  ];
  const family = { lastName: "Lizarraga", secondLastName: "Soto", contactPoints };

  for (const [one, other] of [
    ["Mario", "Maria"],
    ["Juan", "Juana"],
    ["Leire", "Bruno"],
  ]) {
    const found = compared(
      { ...family, firstName: one ?? "" },
      { ...family, firstName: other ?? "" },
    );
    expect(found.similarity).toBeLessThan(60);
  }
});

test("F036: weights can be set, an unknown one stops the start", () => {
  expect(weightsOf("birthDate.other=-4,prior=-8")).toMatchObject({
    prior: -8,
    "birthDate.other": -4,
    "name.none": usualWeights["name.none"],
  });
  expect(() => weightsOf("name.wrong=1")).toThrow(/SIMILARITY_WEIGHTS.*name\.wrong/);
});
