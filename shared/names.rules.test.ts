/** Names as they are compared and searched. */
import { expect, test } from "@jest/globals";
import { nameKey, partOfName } from "./names.rules.ts";

test("names are the same without accents, case and doubled spaces", () => {
  expect(nameKey("  Atención   AL Cliente ")).toBe("atencion al cliente");
  expect(nameKey("ﬁbra")).toBe("fibra");
});

test("marks that make another letter are kept", () => {
  expect(nameKey("कि")).not.toBe(nameKey("का"));
});

test("a part of a name is found as it is written, whatever its characters mean in patterns", () => {
  expect(partOfName("(Año)").test(nameKey("Sales (ano) 1"))).toBe(true);
  expect(partOfName("a.c").test("abc")).toBe(false);
});
