import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readAddress, searchableTexts, type GivenAddress } from "./contact-points.rules.ts";

const keyOf = (given: GivenAddress) => {
  const read = readAddress(given);
  return "key" in read ? read.key : undefined;
};

test("F024: an e-mail address keeps its local part and is found in any case", () => {
  expect(readAddress({ type: "email", value: " Ada.L@Example.COM " })).toEqual({
    value: "Ada.L@example.com",
    key: "email:ada.l@example.com",
  });
});

test.each(["ada", "ada@", "@example.com", "ada@example", "a b@example.com", ""])(
  "F024: %p is no e-mail address",
  (value) => {
    expect(readAddress({ type: "email", value })).toHaveProperty("fault");
  },
);

test("F024: a phone is kept in E.164, read in the default country when it has no own", () => {
  expect(readAddress({ type: "phone", value: "+34 600 11-12 22" })).toEqual({
    value: "+34600111222",
    key: "tel:+34600111222",
  });
  expect(keyOf({ type: "phone", value: "600 111 222", defaultCountry: "ES" })).toBe(
    "tel:+34600111222",
  );
  expect(keyOf({ type: "phone", value: "0034600111222" })).toBe("tel:+34600111222");
  expect(keyOf({ type: "phone", value: "34600111222", defaultCountry: "ES" })).toBe(
    "tel:+34600111222",
  );
});

test("F022: a phone and a mobile of the same digits are one address", () => {
  expect(keyOf({ type: "mobile", value: "+573001234567" })).toBe(
    keyOf({ type: "phone", value: "+57 300 123 4567" }),
  );
});

test("F024: an extension is kept and is no part of the key", () => {
  expect(readAddress({ type: "phone", value: "+34 911 222 333 ext. 12" })).toEqual({
    value: "+34911222333;ext=12",
    key: "tel:+34911222333",
  });
});

test.each(["600111222", "+34 12", "call +34600111222", "+999123456789", "abc", "+"])(
  "F024: %p is no phone number without a country",
  (value) => {
    expect(readAddress({ type: "mobile", value })).toHaveProperty("fault");
  },
);

test("F024: a country that does not exist helps no number", () => {
  const read = readAddress({ type: "phone", value: "600111222", defaultCountry: "ZZ" });

  expect(read).toHaveProperty("fault");
});

test("F024: a handle is known without its @ and case, each network apart", () => {
  expect(readAddress({ type: "social", value: "@Ada", network: "Instagram" })).toEqual({
    value: "@Ada",
    key: "social:instagram:ada",
  });
  expect(keyOf({ type: "social", value: "ada", network: "x" })).toBe("social:x:ada");
  expect(keyOf({ type: "social", value: "b:c", network: "a" })).not.toBe(
    keyOf({ type: "social", value: "c", network: "a:b" }),
  );
  expect(readAddress({ type: "social", value: "@ " })).toHaveProperty("fault");
  expect(readAddress({ type: "social", value: "ada lovelace" })).toHaveProperty("fault");
});

test("F024: other addresses count as they are, a postal one is no key", () => {
  expect(keyOf({ type: "other", value: "User-7", network: "webchat" })).toBe(
    "other:webchat:User-7",
  );
  expect(readAddress({ type: "postal", value: "12 St James's Square" })).toEqual({
    value: "12 St James's Square",
  });
  expect(readAddress({ type: "postal", value: " " })).toHaveProperty("fault");
  expect(readAddress({ type: "other", value: " " })).toHaveProperty("fault");
});

test("G18: a phone is found with and without its country", () => {
  expect(searchableTexts({ type: "phone", value: "+34600111222" })).toEqual([
    "34600111222",
    "600111222",
  ]);
});

test("F024: what is read reads as itself", () => {
  const digits = fc.integer({ min: 100_000, max: 999_999_999_999 }).map((n) => `+${String(n)}`);
  const given = fc.record({
    type: fc.constantFrom("email", "phone", "mobile", "social", "other", "postal"),
    value: fc.oneof(fc.string({ unit: "grapheme" }), fc.emailAddress(), digits),
    network: fc.option(fc.string({ unit: "grapheme" }), { nil: undefined }),
    defaultCountry: fc.constantFrom(undefined, null, "ES", "CO", "US", "ZZ"),
  }) as fc.Arbitrary<GivenAddress>;

  fc.assert(
    fc.property(given, (one) => {
      const once = readAddress(one);
      if ("fault" in once) return;
      expect(readAddress({ ...one, value: once.value })).toEqual(once);
      expect(readAddress({ ...one, value: once.value, defaultCountry: null })).toEqual(once);
    }),
    { numRuns: 2_000 },
  );
});
