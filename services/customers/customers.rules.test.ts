import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Customer, GivenContactPoint } from "#shared/contracts/customers/customer.ts";
import { withAdded } from "./contact-points.rules.ts";
import { change, changesBetween, create } from "./customers.rules.ts";

const stamp = { at: new Date("2026-01-31T10:00:00Z"), by: "agent-1" };
let used = 0;
const newId = () => `id-${String((used += 1))}`;
const emails = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    type: "email" as const,
    value: `many${String(index)}@example.com`,
  }));
const aCustomer = (more: Partial<Parameters<typeof create>[0]> = {}) =>
  create({ kind: "person", firstName: "Ada", tags: [], ...more }, { id: newId(), newId, ...stamp });
const add = ({ contactPoints }: Customer, given: GivenContactPoint) =>
  withAdded(contactPoints, given, { id: newId(), createdAt: stamp.at });

test("F021: a customer has at most 200 contact points", () => {
  const full = aCustomer({ contactPoints: emails(200) });

  expect(() => add(full, { type: "email", value: "more@example.com" })).toThrow(
    expect.objectContaining({ type: "TOO_MANY_CONTACT_POINTS" }),
  );
});

test("F021: the same number may be a phone and a mobile, but no phone twice", () => {
  const customer = aCustomer({ contactPoints: [{ type: "phone", value: "+34600111222" }] });
  const value = "+34 600 111 222";

  const { points } = add(customer, { value, type: "mobile" });

  expect(points.map(({ type }) => type)).toEqual(["phone", "mobile"]);
  expect(() => add(customer, { value, type: "phone" })).toThrow(
    expect.objectContaining({ type: "CONTACT_POINT_EXISTS" }),
  );
});

test("D18: tags that only look alike when joined are a change", () => {
  const before = aCustomer({ tags: ["a,b"] });
  const after = change(before, { tags: ["a", "b"] }, stamp);

  expect(changesBetween(before, after)).toEqual([{ field: "tags", old: ["a,b"], new: ["a", "b"] }]);
});

test("F002: whatever changes and changes back tells both ways and ends as it began", () => {
  const text = fc.option(fc.string({ minLength: 1, maxLength: 20 }), { nil: null });
  const edits = fc.record({ middleName: text, lastName: text, gender: text });

  fc.assert(
    fc.property(edits, edits, (first, second) => {
      const start = change(aCustomer(), first, stamp);
      const there = change(start, second, stamp);
      const back = change(there, first, stamp);

      const ways = [changesBetween(start, there), changesBetween(there, back)] as const;
      expect(ways[1]).toEqual(ways[0].map((one) => ({ ...one, old: one.new, new: one.old })));
      expect({ ...back, version: 0 }).toEqual({ ...start, version: 0 });
    }),
  );
});
