import { expect, test } from "@jest/globals";
import { variables, variablesFault, withWords } from "./variables.rules.ts";

test("every variable of the list is known, with or without spaces", () => {
  for (const name of variables)
    expect(variablesFault(`a {{${name}}} b {{ ${name} }}`)).toBe(undefined);
  expect(variablesFault("no {variable} }} here")).toBeUndefined();
});

test.each([
  ["{{customer.password}}", "unknown"],
  ["{{}}", "unknown"],
  ["{{{{customer.name}}}}", "does not end"],
  ["{{constructor}}", "unknown"],
  ["{{customer.name}", "does not end"],
  ["{{customer.name}} and {{", "does not end"],
])("%s is refused: %s", (text, why) => {
  expect(variablesFault(text)).toContain(why);
});

test("the same words stand in place of every variable", () => {
  expect(withWords("a/{{case.number}}/{{ case.id }}?b", "1")).toBe("a/1/1?b");
  expect(withWords("nothing", "1")).toBe("nothing");
});
