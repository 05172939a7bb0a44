import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { MergeParts } from "#shared/contracts/customers/merge.ts";
import { identityOf } from "./contact-points.rules.ts";
import * as rules from "./merge.rules.ts";

const stamp = { at: new Date("2026-03-01T10:00:00Z"), by: "somebody" };

let made = 0;
const aCustomer = (said: Partial<Customer> = {}): Customer => ({
  id: `customer-${String((made += 1))}`,
  kind: "person",
  firstName: "Ada",
  displayName: "Ada",
  tags: [],
  contactPoints: [],
  disabled: false,
  version: 1,
  createdAt: stamp.at,
  updatedAt: stamp.at,
  ...said,
});

const aPoint = (address: string, id = `point-${String((made += 1))}`) => ({
  id,
  type: "email" as const,
  value: `${address}@example.com`,
  createdAt: stamp.at,
});

/** Accounts and relations are moved by rules of their own. */
const nothing = { accounts: { moved: [], collided: [] }, relations: { moved: [], dropped: [] } };
const everything: MergeParts = { contactPoints: true, accounts: true, cases: true };

const anybody = fc
  .record({
    addresses: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 5 }),
    tags: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 50 }),
  })
  .map(({ addresses, tags }) =>
    aCustomer({ tags, contactPoints: addresses.map((address) => aPoint(address)) }),
  );
const anyParts = fc.record({
  contactPoints: fc.boolean(),
  accounts: fc.boolean(),
  cases: fc.boolean(),
});

test("P7, F042: whatever two customers have is the survivor's, there already, or left on purpose", () => {
  fc.assert(
    fc.property(anybody, anybody, anyParts, fc.nat(1_000), (survivor, absorbed, parts, cases) => {
      const after = rules.planned({ survivor, absorbed }, { parts, cases, ...nothing, stamp });
      const { contactPoints, tags, counts } = after.plan;

      const ids = after.survivor.contactPoints.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(after.survivor.contactPoints.map(identityOf)).size).toBe(ids.length);
      expect(ids).toEqual([...survivor.contactPoints.map(({ id }) => id), ...contactPoints.moved]);
      const accounted = [...contactPoints.moved, ...contactPoints.doubled.map(({ id }) => id)];
      expect(accounted.sort()).toEqual(
        parts.contactPoints ? absorbed.contactPoints.map(({ id }) => id).sort() : [],
      );
      expect(new Set([...after.survivor.tags, ...tags.left])).toEqual(
        new Set([...survivor.tags, ...absorbed.tags]),
      );
      expect(after.survivor.tags.length).toBeLessThanOrEqual(50);
      expect(counts).toEqual({
        contactPoints: contactPoints.moved.length,
        accounts: 0,
        relations: 0,
        owners: 0,
        tags: tags.added.length,
        cases: parts.cases ? cases : 0,
      });
    }),
  );
});

test("P7: through any chain of merges every address ends with exactly one customer", () => {
  fc.assert(
    fc.property(
      fc.array(anybody, { minLength: 2, maxLength: 8 }),
      fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { maxLength: 10 }),
      (people, picks) => {
        const living = new Map(people.map((one) => [one.id, one]));
        const all = new Set(people.flatMap((one) => one.contactPoints.map(identityOf)));
        for (const [one, other] of picks) {
          const left = [...living.values()];
          const survivor = left[one % left.length]!;
          const absorbed = left[other % left.length]!;
          if (survivor === absorbed) continue;
          const parts = everything;
          const after = rules.planned(
            { survivor, absorbed },
            { parts, cases: 0, ...nothing, stamp },
          );
          living.delete(absorbed.id);
          living.set(survivor.id, after.survivor);
        }
        const kept = [...living.values()].flatMap((one) => one.contactPoints.map(identityOf));
        expect(new Set(kept)).toEqual(all);
        for (const { contactPoints } of living.values()) {
          expect(new Set(contactPoints.map(identityOf)).size).toBe(contactPoints.length);
        }
      },
    ),
  );
});

test("F040: the survivor's basic information stays, also where it is empty", () => {
  const survivor = aCustomer({ firstName: "Ada" });
  const absorbed = aCustomer({ firstName: "Augusta", lastName: "King", gender: "f" });

  const after = rules.planned(
    { survivor, absorbed },
    { parts: everything, cases: 0, ...nothing, stamp },
  );

  expect(after.survivor).toMatchObject({ firstName: "Ada", displayName: "Ada", version: 2 });
  expect(after.survivor).not.toHaveProperty("lastName");
  expect(after.survivor).not.toHaveProperty("gender");
});

test("F005: the survivor was last heard of when either was", () => {
  const early = new Date("2026-01-01T00:00:00Z");
  const late = new Date("2026-02-01T00:00:00Z");
  const heard = (one?: Date, other?: Date) =>
    rules.planned(
      {
        survivor: aCustomer(one ? { lastInteractionAt: one } : {}),
        absorbed: aCustomer(other ? { lastInteractionAt: other } : {}),
      },
      { parts: everything, cases: 0, ...nothing, stamp },
    ).survivor.lastInteractionAt;

  expect([heard(early, late), heard(late, early), heard(early), heard(undefined, late)]).toEqual([
    late,
    late,
    early,
    late,
  ]);
  expect(heard()).toBeUndefined();
});

test("F021: together they may not have more than 200 contact points", () => {
  const many = (count: number, from: number) =>
    Array.from({ length: count }, (_, index) => aPoint(`n${String(from + index)}`));
  const survivor = aCustomer({ contactPoints: many(150, 0) });
  const absorbed = aCustomer({ contactPoints: many(51, 150) });
  const facts = { cases: 0, ...nothing, stamp };

  const merging = () => rules.planned({ survivor, absorbed }, { parts: everything, ...facts });

  expect(merging).toThrow(expect.objectContaining({ type: "TOO_MANY_CONTACT_POINTS" }));
  const without = { ...everything, contactPoints: false };
  expect(rules.planned({ survivor, absorbed }, { parts: without, ...facts }).plan.counts).toEqual({
    contactPoints: 0,
    accounts: 0,
    relations: 0,
    owners: 0,
    tags: 0,
    cases: 0,
  });
});

test("F043: what was decided on something old, or has grown without end, is refused", () => {
  const pair = { survivor: aCustomer({ version: 3 }), absorbed: aCustomer({ version: 5 }) };
  const ids = { survivorId: pair.survivor.id, absorbedId: pair.absorbed.id };
  const refused = (type: string) => expect.objectContaining({ type }) as unknown as Error;

  expect(() => {
    rules.requireCurrent(pair, { ...ids, survivorVersion: 2 }, 0);
  }).toThrow(refused("STALE_VERSION"));
  expect(() => {
    rules.requireCurrent(pair, { ...ids, absorbedVersion: 4 }, 0);
  }).toThrow(refused("STALE_VERSION"));
  expect(() => {
    rules.requireCurrent(pair, ids, 500);
  }).toThrow(refused("TOO_MANY_MERGES"));
  expect(() => {
    rules.requireTwo({ survivorId: "a", absorbedId: "a" });
  }).toThrow(refused("VALIDATION_ERROR"));
  expect(() => {
    rules.requireCurrent(pair, { ...ids, survivorVersion: 3, absorbedVersion: 5 }, 499);
  }).not.toThrow();
});

test("F042, F019: the survivor's owners stay, the absorbed's come where none of them decides", () => {
  const merged = (own: Customer["owners"], theirs: Customer["owners"]) =>
    rules.planned(
      {
        survivor: aCustomer(own ? { owners: own } : {}),
        absorbed: aCustomer(theirs ? { owners: theirs } : {}),
      },
      { parts: everything, cases: 0, ...nothing, stamp },
    ).survivor.owners;
  const [ada, bea] = [{ userId: "ada" }, { userId: "bea" }];
  const sales = { userId: "cleo", campaignId: "sales" };
  const care = { userId: "dan", campaignId: "care" };

  expect(merged([ada], [bea, sales])).toEqual([ada]);
  expect(merged([sales], [{ ...bea, campaignId: "sales" }, care])).toEqual([sales, care]);
  expect(merged([sales], [bea])).toEqual([sales, bea]);
  expect(merged(undefined, [bea, sales])).toEqual([bea, sales]);
  expect(merged(undefined, undefined)).toBeUndefined();
});
