import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { manyHeads, pairsOf, soughtPairs } from "./search-pairs.rules.ts";

test("G18: two words are found by their beginnings together, in any order", () => {
  expect(pairsOf(["maria", "garcia", "de", "mariagarcia", "600111222"])).toEqual(["&gar mar"]);
  expect(soughtPairs(["garcia", "mar"])).toEqual(["&gar mar"]);
  expect(soughtPairs(["mar", "gar", "lop"])).toEqual(["&gar lop", "&gar mar", "&lop mar"]);
});

test("G18: short words, digits and words of one beginning make no pair", () => {
  expect(soughtPairs(["de", "garcia"])).toEqual([]);
  expect(soughtPairs(["600", "garcia"])).toEqual([]);
  expect(soughtPairs(["maria", "martinez"])).toEqual([]);
  expect(soughtPairs(["garcia"])).toEqual([]);
});

test("G18: pairs are bounded: who has very many beginnings is found among those", () => {
  const letters = Array.from({ length: 13 }, (_, index) => String.fromCharCode(97 + index));
  const words = letters.map((letter) => letter.repeat(3));

  expect(pairsOf(words.slice(1))).toHaveLength(66);
  expect(pairsOf(words)).toEqual([manyHeads]);
});

test("G18: whoever has all the words is kept under each pair that is sought", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "ñ", "1", "@", "𐐨"), maxLength: 5 });
  const kept = fc.uniqueArray(word, { maxLength: 20 });

  fc.assert(
    fc.property(kept, fc.array(fc.tuple(fc.nat(), fc.nat(5)), { maxLength: 6 }), (words, cuts) => {
      const sought = cuts.flatMap(([place, length]) => {
        const whole = words[place % Math.max(1, words.length)];
        return whole ? [Array.from(whole).slice(0, length).join("")] : [];
      });
      const pairs = pairsOf(words);

      if (pairs.includes(manyHeads)) return;
      expect(pairs).toEqual(expect.arrayContaining(soughtPairs(sought)));
    }),
    { numRuns: 2_000 },
  );
});
