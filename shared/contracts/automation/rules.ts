/** Business rules: what is done by itself when something happens to a case, or time passes (G10-G12). */
import { actions } from "../../contract.ts";
import {
  decimal,
  either,
  id,
  list,
  longText,
  nullable,
  oneOf,
  optional,
  partial,
  record,
  says,
  text,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";
import { priority } from "../cases/status.ts";
import { trail, version } from "../common.ts";

/** What sets a trigger off. */
export const triggerEvents = [
  "caseCreated",
  "caseUpdated",
  "activitySaved",
  "interactionReceived",
] as const;
export type TriggerEvent = (typeof triggerEvents)[number];

const operators = [
  "is",
  "isNot",
  "isOneOf",
  "isNoneOf",
  "contains",
  "containsNot",
  "isBefore",
  "isAfter",
  "isAtLeast",
  "isLessThan",
  "isEmpty",
  "isNotEmpty",
] as const;
export type Operator = (typeof operators)[number];

/** What a column is compared with. */
export const comparable = either(decimal(-1e12, 1e12), text(200), list(text(200), 50, 1));

export type Condition = Received<typeof Condition>;
export const Condition = {
  /** Such as `case.priority`; `docs/api.md` has them all. */
  column: text(120),
  operator: oneOf(...operators),
  value: optional(comparable),
};

const actionKinds = [
  "setPriority",
  "escalate",
  "assign",
  "moveToCampaign",
  "notify",
  "sendEmail",
  "callWebhook",
] as const;
export type ActionKind = (typeof actionKinds)[number];

export type RuleAction = Received<typeof RuleAction>;
/** Each kind takes its own of these, and refuses the others. */
export const RuleAction = {
  kind: oneOf(...actionKinds),
  priority: optional(priority),
  assigneeId: says("Who gets the case; `null`: nobody, it waits.", optional(nullable(id))),
  campaignId: optional(id),
  to: optional(oneOf("assignee", "supervisors", "users")),
  userIds: optional(list(id, 20, 1)),
  message: optional(text(500)),
  subject: optional(text(200)),
  text: optional(longText(5_000, 1)),
  webhookId: optional(id),
};

const facts = {
  name: text(120),
  description: withDefault(longText(2_000), ""),
  /** Where it holds; none: everywhere. */
  campaignIds: withDefault(list(id, 200), []),
  enabled: withDefault(yesNo, true),
  /** `trigger`: when something happens; `automation`: when time has passed since something did. */
  kind: oneOf("trigger", "automation"),
  /** Of a trigger: what sets it off. */
  trigger: optional(oneOf(...triggerEvents)),
  /** Every one of these has to hold. */
  all: withDefault(list(record(Condition), 20), []),
  /** And one of these, where there are any. */
  any: withDefault(list(record(Condition), 20), []),
  actions: list(record(RuleAction), 10, 1),
};

export type RuleDraft = Received<typeof facts>;

export type BusinessRule = Received<typeof BusinessRule>;
export const BusinessRule = { id, ...facts, ...trail };

/** As many rules as there may be. */
export const mostRules = 200;

const { kind: _kind, ...changeable } = facts;

export const ruleActions = actions({
  createRule: {
    rest: "POST /business-rules",
    needs: "rules.configure",
    says: "Adds a business rule at the end of the list (G10-G12).",
    params: facts,
    returns: record(BusinessRule),
  },
  listRules: {
    rest: "GET /business-rules",
    needs: "rules.configure",
    says: "The business rules in their order (G10); `version` is that of the order.",
    params: { kind: optional(facts.kind), enabled: optional(yesNo), campaignId: optional(id) },
    returns: record({ version, items: list(record(BusinessRule), mostRules) }),
  },
  getRule: {
    rest: "GET /business-rules/:id",
    needs: "rules.configure",
    says: "One business rule.",
    params: { id },
    returns: record(BusinessRule),
  },
  changeRule: {
    rest: "PATCH /business-rules/:id",
    needs: "rules.configure",
    guarded: "required",
    says: "Changes a business rule, enables or disables it; its kind stays (G10).",
    params: { id, version, ...partial(changeable) },
    returns: record(BusinessRule),
  },
  duplicateRule: {
    rest: "POST /business-rules/:id/duplicate",
    needs: "rules.configure",
    says: "A disabled copy of a business rule, right after it.",
    params: { id, name: text(120) },
    returns: record(BusinessRule),
  },
  deleteRule: {
    rest: "DELETE /business-rules/:id",
    needs: "rules.configure",
    says: "Deletes a business rule; what it has done stays in the log.",
    params: { id },
  },
  orderRules: {
    rest: "PUT /business-rules/order",
    needs: "rules.configure",
    guarded: "checked",
    says: "Puts the business rules into this order: the ids of all of them, each once.",
    params: { version: optional(version), items: list(id, mostRules) },
    returns: record({ version, items: list(record(BusinessRule), mostRules) }),
  },
});

export const ruleEvents = {
  ruleCreated: { id },
  ruleChanged: { id, enabled: yesNo },
  ruleDeleted: { id },
  rulesOrdered: { ids: list(id, mostRules) },
};
