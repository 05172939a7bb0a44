/** Whether a rule's conditions hold for a case, and why (G11, B05). Pure. */
import type { Verdict } from "#shared/contracts/automation/executions.ts";
import type { BusinessRule, Condition } from "#shared/contracts/automation/rules.ts";
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
  const met = column !== undefined && holds(column, condition, actual);
  const shown = column?.personal ? undefined : shownOf(actual);
  return { block, ...condition, ...(shown === undefined ? {} : { actual: shown }), met };
}

const shownOf = (actual: Fact): Verdict["actual"] =>
  actual instanceof Date
    ? actual.toISOString()
    : typeof actual === "number"
      ? Math.round(actual * 1000) / 1000
      : actual;

/** Whether one condition holds; what is not known is empty, and equal to nothing. */
export function holds(column: Column, { operator, value }: Condition, actual: Fact): boolean {
  const isEmpty = actual === undefined || actual === "" || (Array.isArray(actual) && !actual[0]);
  switch (operator) {
    case "isEmpty":
      return isEmpty;
    case "isNotEmpty":
      return !isEmpty;
    case "is":
    case "isOneOf":
      return !isEmpty && isAmong(actual, value);
    case "isNot":
    case "isNoneOf":
      return isEmpty || !isAmong(actual, value);
    case "contains":
      return !isEmpty && contains(actual, value);
    case "containsNot":
      return isEmpty || !contains(actual, value);
    default:
      return !isEmpty && compares(column, operator, actual, value);
  }
}

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

function compares({ kind }: Column, operator: string, actual: Fact, value: unknown): boolean {
  if (kind === "moment") {
    const [one, other] = [momentOf(actual), momentOf(value)];
    return operator === "isBefore" ? one < other : one > other;
  }
  // times of the day are written so that their order is that of their characters
  const isLess = kind === "hours" ? Number(actual) < Number(value) : String(actual) < String(value);
  return operator === "isLessThan" ? isLess : !isLess;
}

const momentOf = (value: unknown): number =>
  value instanceof Date ? value.getTime() : Date.parse(String(value));
