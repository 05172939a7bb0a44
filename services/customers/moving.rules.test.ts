/** What becomes of accounts and relations when two customers become one (F042, P7). */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Account } from "#shared/contracts/customers/accounts.ts";
import type { CustomerRelation } from "#shared/contracts/customers/relations.ts";
import * as accounts from "./accounts.rules.ts";
import * as relations from "./relations.rules.ts";

const stamp = { at: new Date("2026-01-31T10:00:00Z"), by: "supervisor-1" };
const trail = { version: 1, createdAt: stamp.at, updatedAt: stamp.at };

const anAccount = (id: string, said: Partial<Account> = {}): Account => ({
  ...{ id, customerId: id.split("-")[0] ?? "", number: id, extraFields: [], ...trail },
  ...said,
});

const field = (name: string, value = "x") => ({ name, value });

const aRelation = (id: string, source: string, target: string): CustomerRelation => ({
  ...{ id, sourceCustomerId: source, targetCustomerId: target },
  ...{ sourceLabel: `of ${source}`, targetLabel: `of ${target}`, ...trail },
});

test("F042: the survivor's data stay as they are, and what it lacks is added in order", () => {
  const own = anAccount("into-1", { number: "A 1", extraFields: [field("Plan", "Gold")] });
  const theirs = anAccount("from-1", {
    number: "a-1",
    extraFields: [field("plán", "Silver"), field("City"), field("Zone")],
  });

  const { moved, collided } = accounts.joined([theirs], { into: "into", own: [own] }, stamp);

  expect(moved).toEqual([]);
  expect(collided).toMatchObject([
    {
      ended: { id: "from-1", version: 2, updatedBy: stamp.by },
      before: own,
      after: { version: 2, extraFields: [field("Plan", "Gold"), field("City"), field("Zone")] },
    },
  ]);
});

test("F042: an account that lacks nothing keeps its version, and none gets more than 100 data", () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => field(`f${String(from + index)}`));
  const join = (own: number, theirs: number, from: number) =>
    accounts.joined(
      [anAccount("from-1", { number: "1", extraFields: many(from, theirs) })],
      { into: "into", own: [anAccount("into-1", { number: "1", extraFields: many(0, own) })] },
      stamp,
    ).collided[0];

  const same = join(10, 5, 0);
  const full = join(80, 50, 80);

  expect(same?.after).toBe(same?.before);
  expect(full?.after.extraFields).toEqual(many(0, 100));
});

test("F042, P7: every account is there once afterwards, and no number twice", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 });

  fc.assert(
    fc.property(numbers, numbers, (of, into) => {
      const theirs = of.map((number) => anAccount(`from-${number}`, { number: `N ${number}` }));
      const own = into.map((number) => anAccount(`into-${number}`, { number: `n-${number}` }));

      const { moved, collided } = accounts.joined(theirs, { into: "into", own }, stamp);

      const ended = new Set(collided.map((one) => one.ended.id));
      const left = [...own, ...moved.map(({ after }) => after)];
      expect(new Set(left.map((one) => accounts.lookupsOf(one).numberKey)).size).toBe(left.length);
      expect(left.map(({ id }) => id).concat([...ended])).toHaveLength(of.length + into.length);
      expect(left.every(({ customerId }) => customerId === "into")).toBe(true);
    }),
  );
});

test("F042, P7: whoever was related to either is related to the survivor, once, as before", () => {
  const people = ["into", "a", "b", "c", "d", "e", "f"];
  const others = fc.uniqueArray(fc.tuple(fc.constantFrom(...people), fc.boolean()), {
    selector: ([other]) => other,
  });
  const relationsOf = (who: string, pairs: [string, boolean][]) =>
    pairs
      .filter(([other]) => other !== who)
      .map(([other, isSource]) =>
        aRelation(`${who}-${other}`, isSource ? who : other, isSource ? other : who),
      );

  fc.assert(
    fc.property(others, others, (of, into) => {
      const theirs = relationsOf("from", of);
      const between = theirs.filter((one) => relations.otherOf(one, "from") === "into");
      const own = [...relationsOf("into", into), ...between];

      const facts = { from: "from", into: "into", own };
      const { moved, dropped } = relations.joined(theirs, facts, stamp);

      const gone = new Set(dropped.map(({ after }) => after.id));
      const left = [...own.filter(({ id }) => !gone.has(id)), ...moved.map(({ after }) => after)];
      const related = left.map((one) => relations.otherOf(one, "into"));
      const known = [...of, ...into].map(([other]) => other).filter((other) => other !== "into");
      expect(related.toSorted()).toEqual([...new Set(known)].toSorted());
      for (const { before, after } of moved) {
        const [was, is] = [
          relations.seenFrom(before, "from", []),
          relations.seenFrom(after, "into", []),
        ];
        expect(is).toMatchObject({ label: was.label, relatedLabel: was.relatedLabel });
      }
    }),
  );
});

test("F042: more than a customer may have is refused as a whole", () => {
  const many = (who: string, count: number) =>
    Array.from({ length: count }, (_, index) => anAccount(`${who}-${String(index)}`));
  const related = (who: string, count: number) =>
    Array.from({ length: count }, (_, index) =>
      aRelation(`${who}${String(index)}`, who, `${who}-${String(index)}`),
    );

  expect(() =>
    accounts.joined(many("from", 300), { into: "into", own: many("into", 201) }, stamp),
  ).toThrow(expect.objectContaining({ type: "TOO_MANY_ACCOUNTS" }));
  expect(() =>
    relations.joined(
      related("from", 300),
      { from: "from", into: "into", own: related("into", 201) },
      stamp,
    ),
  ).toThrow(expect.objectContaining({ type: "TOO_MANY_RELATIONS" }));
});
