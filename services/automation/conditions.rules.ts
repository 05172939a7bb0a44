/** Whether a rule's conditions hold for a case, and why (G11, B05). Pure. */
import type { Verdict } from "#shared/contracts/automation/executions.ts";
import type { BusinessRule, Condition, Operator } from "#shared/contracts/automation/rules.ts";
import { fold } from "#shared/folding.rules.ts";
import { columnOf, type Column } from "./columns.rules.ts";
import { valueOf, type Facts, type Fact } from "./facts.rules.ts";

type Conditions = Pick<BusinessRule, "all" | "any">;

export interface Judgement {
  matches: boolean;
  verdicts: Verdict[];
}

/** Every condition of the ALL block has to hold, and one of the ANY block where it has any (G10). */
export function judge({ all, any }: Conditions, facts: Facts): Judgement {
  const every = all.map((one) => verdictOf("all", one, facts));
  const some = any.map((one) => verdictOf("any", one, facts));
  const matches =
    every.every(({ met }) => met) && (some.length === 0 || some.some(({ met }) => met));
  return { matches, verdicts: [...every, ...some] };
}

function verdictOf(block: Verdict["block"], condition: Condition, facts: Facts): Verdict {
  const column = columnOf(condition.column);
  const actual = valueOf(condition.column, facts);
  const met = column !== undefined && tests[condition.operator](actual, condition.value, column);
  const shown = column?.personal ? undefined : shownOf(actual);
  return { block, ...condition, ...(shown === undefined ? {} : { actual: shown }), met };
}

const shownOf = (actual: Fact): Verdict["actual"] =>
  actual instanceof Date
    ? actual.toISOString()
    : typeof actual === "number"
      ? Math.round(actual * 1000) / 1000
      : actual;

type Test = (actual: Fact, value: unknown, column: Column) => boolean;

const not =
  (test: Test): Test =>
  (...asked) =>
    !test(...asked);

const isEmpty = (actual: Fact): boolean =>
  actual === undefined || actual === "" || (Array.isArray(actual) && actual.length === 0);

/** What is not known is empty, and equal to nothing. */
const known =
  (test: Test): Test =>
  (...asked) =>
    !isEmpty(asked[0]) && test(...asked);

const isLess: Test = (actual, value, { kind }) =>
  kind === "hours"
    ? Number(actual) < Number(value)
    : // times of the day are written so that their order is that of their characters
      String(actual) < String(value);

const momentOf = (value: unknown): number =>
  value instanceof Date ? value.getTime() : Date.parse(String(value));

const wordsOf = (value: unknown): string[] => [value].flat().map((one) => fold(String(one)));

const isAmong = (actual: Fact, value: unknown): boolean =>
  wordsOf(value).includes(fold(String(actual)));

/** Of a text a part, of tags a whole one. */
const contains = (actual: Fact, value: unknown): boolean => {
  const [part = ""] = wordsOf(value);
  return Array.isArray(actual)
    ? wordsOf(actual).includes(part)
    : fold(String(actual)).includes(part);
};

const tests: Record<Operator, Test> = {
  is: known(isAmong),
  isOneOf: known(isAmong),
  isNot: not(known(isAmong)),
  isNoneOf: not(known(isAmong)),
  contains: known(contains),
  containsNot: not(known(contains)),
  isBefore: known((actual, value) => momentOf(actual) < momentOf(value)),
  isAfter: known((actual, value) => momentOf(actual) > momentOf(value)),
  isLessThan: known(isLess),
  isAtLeast: known(not(isLess)),
  isEmpty,
  isNotEmpty: not(isEmpty),
};
