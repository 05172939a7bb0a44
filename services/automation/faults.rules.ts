/** What is wrong with the conditions and actions of a rule, field by field (G10-G12). Pure. */
import type {
  ActionKind,
  Condition,
  RuleAction,
  RuleDraft,
} from "#shared/contracts/automation/rules.ts";
import type { FieldFault } from "#shared/errors.ts";
import { columnOf, operatorsOf, type Column, type Kind } from "./columns.rules.ts";
import { isTimer } from "./facts.rules.ts";

const fault = (path: string, message: string, code: string): FieldFault => ({
  path,
  message,
  code,
});

const required = (path: string) => fault(path, "is required", "required");

type Parts = Pick<RuleDraft, "kind" | "trigger" | "all" | "any" | "actions">;

/** All that is wrong with a rule as such, whatever the neighbours say. */
export const faultsOf = ({ all, any, actions, ...rule }: Parts): FieldFault[] => [
  ...kindFaults({ ...rule, all }),
  ...all.flatMap((one, place) => conditionFaults(one, `all[${String(place)}]`)),
  ...any.flatMap((one, place) => conditionFaults(one, `any[${String(place)}]`)),
  ...actions.flatMap((one, place) => actionFaults(one, `actions[${String(place)}]`)),
];

/** Time that has passed is what sets an automation off: without it, it would act on every case. */
function kindFaults({ kind, trigger, all }: Pick<Parts, "kind" | "trigger" | "all">): FieldFault[] {
  if (kind === "trigger") return trigger ? [] : [required("trigger")];
  const waits = all.some(({ column, operator }) => isTimer(column) && operator === "isAtLeast");
  return [
    ...(trigger ? [fault("trigger", "is only for a trigger", "exclusive")] : []),
    ...(waits ? [] : [fault("all", "needs an hour column with isAtLeast", "required")]),
  ];
}

function conditionFaults({ column: name, operator, value }: Condition, path: string): FieldFault[] {
  const column = columnOf(name);
  if (!column) return [fault(`${path}.column`, "is not a column", "unknown")];
  if (!operatorsOf[column.kind].includes(operator)) {
    return [fault(`${path}.operator`, "is not for this column", "unknown")];
  }
  const problem = valueProblem(column, operator, value);
  return problem ? [fault(`${path}.value`, ...problem)] : [];
}

type Problem = readonly [message: string, code: string];

function valueProblem(
  column: Column,
  operator: string,
  value: Condition["value"],
): Problem | undefined {
  if (operator === "isEmpty" || operator === "isNotEmpty") {
    return value === undefined ? undefined : ["is not for this operator", "exclusive"];
  }
  if (value === undefined) return ["is required", "required"];
  return shapeProblem(operator, value) ?? problemOf(column, [value].flat());
}

function shapeProblem(operator: string, value: unknown): Problem | undefined {
  const wantsList = operator === "isOneOf" || operator === "isNoneOf";
  if (wantsList === Array.isArray(value)) return undefined;
  return wantsList ? ["must be a list", "list"] : ["must be a single value", "single"];
}

function problemOf({ kind, values }: Column, given: (string | number)[]): Problem | undefined {
  const fits = given.every((one) => suits[kind](one) && (values?.includes(String(one)) ?? true));
  return fits ? undefined : [wanted[kind], "invalid"];
}

const mostHours = 87_600;

const isText = (value: string | number): value is string => typeof value === "string";

const suits: Record<Kind, (value: string | number) => boolean> = {
  text: isText,
  choice: isText,
  words: isText,
  moment: (value) => isText(value) && isoMoment.test(value) && !Number.isNaN(Date.parse(value)),
  hours: (value) => typeof value === "number" && value >= 0 && value <= mostHours,
  time: (value) => isText(value) && /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
};

const isoMoment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

const wanted: Record<Kind, string> = {
  text: "must be a text",
  choice: "is not one of what there is to choose from",
  words: "must be a text",
  moment: "must be a day or an instant",
  hours: "must be a number of hours",
  time: "must be a time of day, such as 08:30",
};

type Part = Exclude<keyof RuleAction, "kind">;

/** What each kind of action has to say. */
const parts: Record<ActionKind, readonly Part[]> = {
  setPriority: ["priority"],
  escalate: [],
  assign: ["assigneeId"],
  moveToCampaign: ["campaignId"],
  notify: ["to", "message"],
  sendEmail: ["to", "subject", "text"],
  callWebhook: ["webhookId"],
};

function actionFaults({ kind, ...said }: RuleAction, path: string): FieldFault[] {
  const wantsUsers = said.to === "users";
  const needed = [...parts[kind], ...(wantsUsers ? (["userIds"] as const) : [])];
  const given = (Object.keys(said) as Part[]).filter((part) => said[part] !== undefined);
  return [
    ...needed.flatMap((part) => (given.includes(part) ? [] : [required(`${path}.${part}`)])),
    ...given.flatMap((part) =>
      needed.includes(part)
        ? []
        : [fault(`${path}.${part}`, "is not for this action", "exclusive")],
    ),
    ...(kind === "sendEmail" && wantsUsers
      ? [fault(`${path}.to`, "must be the assignee or the supervisors", "invalid")]
      : []),
  ];
}
