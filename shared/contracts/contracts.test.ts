import { expect, test } from "@jest/globals";
import type { Action, Contract, Door } from "../contract.ts";
import type { Field, Shape } from "../fields.ts";
import { contracts } from "./index.ts";

type Fields = Field<unknown> | undefined;

/** Sentences are for people, and what is within a field has lines of its own. */
const apart = ["says", "props", "alone", "items", "value", "key", "rules"];

const rest = (one: object): [string, unknown][] =>
  Object.entries(one).filter(([name]) => !apart.includes(name));

/** A field's rule in words: `string, trimmed, min 1, max 80, singleLine`. */
const ruleOf = (field: Field<unknown>): string => rest(field).map(worded).join(", ");

function worded([name, held]: [string, unknown]): string {
  if (name === "type") return String(held);
  if (held === true) return name;
  if (typeof held === "function") return held.name;
  return `${name} ${held instanceof RegExp ? String(held) : JSON.stringify(held)}`;
}

/** One line for each field, however deep: a change of one is a change of one line. */
const linesOf = (path: string, field: Fields): string[] =>
  field
    ? [
        `${path}: ${ruleOf(field)}`,
        ...linesWithin(path, (field["props"] as Shape | undefined) ?? field.alone),
        ...linesOf(`${path}[]`, field["items"] as Fields),
        ...linesOf(`${path}{}`, field["value"] as Fields),
        ...((field["rules"] ?? []) as Field<unknown>[]).flatMap((rule) =>
          linesOf(`${path}|`, rule),
        ),
      ]
    : [];

const linesWithin = (path: string, shape: Shape = {}): string[] =>
  Object.entries(shape).flatMap(([name, field]) => linesOf(`${path}.${name}`, field));

function promise(action: Action | Door) {
  const { params, accepts, returns, ...more } = action as Action & {
    params?: Shape;
  } & Partial<Door>;
  return {
    ...Object.fromEntries(rest(more)),
    fields: [
      ...linesWithin("takes", params),
      ...linesWithin("takes from outside", accepts),
      ...linesOf("answers", returns),
    ],
  };
}

const promises = ({ actions, doors = {}, events }: Contract) => ({
  ...Object.fromEntries(
    Object.entries({ ...actions, ...doors }).map(([name, action]) => [name, promise(action)]),
  ),
  events: Object.entries(events).flatMap(([name, shape]) => [name, ...linesWithin(name, shape)]),
});

/** A changed promise must be seen in review: `npm test -- shared/contracts -u` agrees to it. */
test.each(Object.keys(contracts) as (keyof typeof contracts)[])(
  "the contract of %s is as last agreed",
  (name) => {
    expect(promises(contracts[name])).toMatchSnapshot();
  },
);
