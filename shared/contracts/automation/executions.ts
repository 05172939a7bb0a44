/** What business rules did, and why: the rules log of a case (F118, F119, B05). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  longText,
  nullable,
  oneOf,
  optional,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "../../fields.ts";
import { page, paging } from "../common.ts";
import { BusinessRule, comparable, Condition, RuleAction } from "./rules.ts";

/** A condition as it was found; of what tells about a person only whether it was met. */
export type Verdict = Received<typeof Verdict>;
export const Verdict = {
  block: oneOf("all", "any"),
  ...Condition,
  actual: optional(comparable),
  met: yesNo,
};

/** `unneeded`: it was so already; `refused`: the case or its campaign does not allow it. */
const actionState = oneOf("pending", "done", "unneeded", "refused", "failed");

export type ActionTaken = Received<typeof ActionTaken>;
export const ActionTaken = {
  ...RuleAction,
  state: actionState,
  /** Why it was refused, or failed. */
  code: optional(text(64)),
  detail: optional(text(300)),
  at: optional(instant),
};

/** One time that a rule matched a case, with the rule as it was then. */
export type RuleExecution = Received<typeof RuleExecution>;
export const RuleExecution = {
  id,
  caseId: id,
  ruleId: id,
  ruleName: text(120),
  ruleVersion: BusinessRule.version,
  kind: BusinessRule.kind,
  /** What set a trigger off: the name of the event, and its id in the change log. */
  event: optional(text(80)),
  eventId: optional(id),
  at: instant,
  /** `held`: it had acted on the case too often of late, and did nothing. */
  state: oneOf("running", "done", "held"),
  conditions: list(record(Verdict), 40),
  actions: list(record(ActionTaken), 10),
  /** The rules whose effects led to it, the first one first. */
  chain: list(id, 10),
};

const range = { from: optional(instant), to: optional(instant) };

export const executionActions = actions({
  ofCase: {
    rest: "GET /cases/:id/rule-executions",
    needs: "audit.read",
    says: "Which business rules acted on a case, by its id or number: rule, actions, time and result, newest first (F118, F119); `from` is included, `to` is not.",
    params: { id, ...paging, ...range },
    returns: page(RuleExecution),
  },
  ofRule: {
    rest: "GET /business-rules/:id/executions",
    needs: "rules.configure",
    says: "What a business rule did, newest first; also of one that is deleted.",
    params: { id, ...paging, ...range },
    returns: page(RuleExecution),
  },
  /** What an e-mail says that a rule wants sent; null where the log does not reach back so far. */
  composeMail: {
    params: { executionId: id, place: whole(0, 9) },
    returns: nullable(record({ subject: text(200), text: longText(5_000) })),
  },
});

export const executionEvents = {
  /** A user is to be told something in the app. */
  notified: { executionId: id, ruleId: id, caseId: id, userId: id, message: text(500) },
  /** A user is to get an e-mail; what it says is asked of `composeMail`. */
  mailRequested: { executionId: id, place: whole(0, 9), ruleId: id, caseId: id, userId: id },
};
