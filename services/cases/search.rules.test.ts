/** How cases are found by words: folding, limits, numbers. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { searchWordsOf, soughtIn } from "./search.rules.ts";

const aCase = { number: 42, description: "" };

test("F127: a case is found by number, name, document and subject, and by its description aside", () => {
  const words = searchWordsOf({
    number: 1042,
    customerName: "José Ñuñez",
    customerDocument: "CC 79.123",
    subject: "¡Factura duplicada!",
    description: "No reconoce el cobro\nde mayo",
  });

  expect(words).toEqual([
    "#1042",
    ...["jose", "nunez", "cc", "79", "123", "factura", "duplicada"],
    ...["~no", "~reconoce", "~el", "~cobro", "~de", "~mayo"],
  ]);
});

test("F127: accents, case and width make no difference to what is sought", () => {
  expect(soughtIn("JOSÉ  ｎｕ́ñez")).toEqual([{ prefix: "jose" }, { prefix: "nunez" }]);
});

test("F127: digits mean a number or a beginning; with # the number alone", () => {
  expect(soughtIn("0042")).toEqual([{ prefix: "0042", number: "#42" }]);
  expect(soughtIn("#1042 ada")).toEqual([{ number: "#1042" }, { prefix: "ada" }]);
});

test("F127: a text without a word seeks nothing", () => {
  expect(soughtIn("%$.*\\ #")).toEqual([]);
});

test("F127: what is kept and what is sought have limits, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
      const kept = searchWordsOf({ ...aCase, subject: text, customerName: text });
      expect(kept.length).toBeLessThanOrEqual(73);
      expect(Math.max(...kept.map((word) => word.length))).toBeLessThanOrEqual(64);
      expect(soughtIn(text).length).toBeLessThanOrEqual(8);
    }),
  );
});

test("F127: a very long text takes no noticeable time", () => {
  const before = performance.now();

  searchWordsOf({ ...aCase, description: "á".repeat(20_000) });
  searchWordsOf({ ...aCase, description: "#1 ".repeat(7_000) });

  expect(performance.now() - before).toBeLessThan(200);
});

test("F127: whatever words a case has, each beginning of each of them finds it", () => {
  const word = fc.stringMatching(/^[A-Za-zÁÉÍÓÚÑáéíóúñ]{1,40}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.nat(40), (words, cut) => {
      const kept = searchWordsOf({ ...aCase, subject: words.join(" ") });

      for (const one of words) {
        const [sought] = soughtIn(one.slice(0, cut + 1));
        expect(kept.some((candidate) => candidate.startsWith(sought?.prefix ?? "#"))).toBe(true);
      }
    }),
  );
});
