import { expect, test } from "@jest/globals";
import {
  filledWith,
  variables,
  variablesFault,
  variablesIn,
  withWords,
} from "./variables.rules.ts";

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

test("a text says which variables it has, and takes words for each; what words say stays words", () => {
  const text = "{{case.number}} of {{ user.name }}, {{case.number}}";

  const filled = filledWith(text, (name) => (name === "user.name" ? "{{case.id}}" : "7"));

  expect(variablesIn(text)).toEqual(["case.number", "user.name"]);
  expect(filled).toBe("7 of {{case.id}}, 7");
});
