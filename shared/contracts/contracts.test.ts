import { expect, test } from "@jest/globals";
import type { Contract } from "../contract.ts";
import type { Field, Shape } from "../fields.ts";
import { contracts } from "./index.ts";

/** What a value can be, without its notes for people: `type: "string", min: 1`. */
const ruleOf = ({ props: _, items: __, value: ___, alone: ____, says: _____, ...rule }: Rule) =>
  Object.entries(rule)
    .map(([name, held]) => `${name} ${worded(held)}`)
    .join(", ");

type Rule = Field<unknown> & { says?: string };

const worded = (value: unknown): string => {
  if (typeof value === "function") return value.name;
  return value instanceof RegExp ? String(value) : JSON.stringify(value);
};

/** One line for each field, however deep: a change of one is a change of one line. */
const linesOf = (path: string, field: Field<unknown>): string[] => [
  `${path}: ${ruleOf(field)}`,
  ...inside(path, field["props"] as Shape | undefined),
  ...inside(path, field.alone),
  ...each(`${path}[]`, field["items"] as Field<unknown> | undefined),
  ...each(`${path}{}`, field["value"] as Field<unknown> | undefined),
];

const inside = (path: string, shape: Shape = {}): string[] =>
  Object.entries(shape).flatMap(([name, field]) => linesOf(`${path}.${name}`, field));

const each = (path: string, field: Field<unknown> | undefined): string[] =>
  field ? linesOf(path, field) : [];

const promised = ({ actions, doors = {}, events }: Contract) => ({
  ...Object.fromEntries(
    [...Object.entries(actions), ...Object.entries(doors)].map(([name, action]) => {
      const { params, accepts, returns, says: _, ...rest } = { says: "", accepts: {}, ...action } as
        Record<string, unknown> & { params?: Shape; accepts: Shape; returns?: Field<unknown> };
      const fields = [
        ...inside("asks", params),
        ...inside("accepts", accepts),
        ...each("answers", returns),
      ];
      return [name, { ...rest, fields }];
    }),
  ),
  events: Object.entries(events).flatMap(([name, shape]) => [name, ...inside(name, shape)]),
});

/** A changed promise must be seen in review: `npm test -- shared/contracts -u` agrees to it. */
test.each(Object.keys(contracts) as (keyof typeof contracts)[])(
  "the contract of %s is as last agreed",
  (name) => {
    expect(promised(contracts[name])).toMatchSnapshot();
  },
);
