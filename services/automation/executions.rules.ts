/** What comes of a rule that matches: known by what set it off, so that it comes once (P13). Pure. */
import type {
  ActionTaken,
  RuleExecution,
  Verdict,
} from "#shared/contracts/automation/executions.ts";
import type { BusinessRule, RuleAction } from "#shared/contracts/automation/rules.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { beginOf, isTimer, type Facts, type Moment } from "./facts.rules.ts";

/** Rules whose effects set off others, one after the other, at most. */
const longestChain = 5;
/** A rule that acts on one case more often than this within an hour is held. */
export const mostAnHour = 10;

/** Whether a rule may follow on these: none follows on itself, and there is an end (loop guard). */
export const mayFollow = (ruleId: string, chain: readonly string[]): boolean =>
  chain.length < longestChain && !chain.includes(ruleId);

/** What names one period of an automation: since when the timers run that it waits for. */
export function periodOf(
  { all, any }: Pick<BusinessRule, "all" | "any">,
  facts: Pick<Facts, "kase" | "timeline">,
): string {
  const timers = [...new Set([...all, ...any].map(({ column }) => column).filter(isTimer))];
  return timers
    .sort()
    .map((column) => `${column}=${String(beginOf(column, facts)?.at.getTime())}`)
    .join("|");
}

/**
 * Whether an automation's timers have run long enough, none of them since what it did itself: a
 * first look, at what the case tells in a list.
 */
export function isDue(
  { id, all }: Pick<BusinessRule, "id" | "all">,
  facts: Pick<Facts, "kase" | "timeline" | "now">,
): boolean {
  return all
    .filter(({ column }) => isTimer(column))
    .every(({ column, operator, value }) => {
      const begun = beginOf(column, facts);
      if (!begun || isOwn(begun, id)) return false;
      const hours = (facts.now.getTime() - begun.at.getTime()) / 3_600_000;
      return operator === "isLessThan" ? hours < Number(value) : hours >= Number(value);
    });
}

const isOwn = ({ ruleId }: Moment, id: string): boolean => ruleId === id;

/** A matching rule as it goes into the log, with what is left to be done. */
export function planned(
  rule: BusinessRule,
  kase: Case,
  {
    id,
    verdicts,
    at,
    ...cause
  }: {
    id: string;
    verdicts: Verdict[];
    at: Date;
    chain: string[];
    event?: string;
    eventId?: string;
  },
): RuleExecution {
  return {
    id,
    caseId: kase.id,
    ruleId: rule.id,
    ruleName: rule.name,
    ruleVersion: rule.version,
    kind: rule.kind,
    at,
    state: "running",
    conditions: verdicts,
    actions: rule.actions.map((action) => ({
      ...action,
      state: isNeeded(action, kase, rule.actions) ? "pending" : "unneeded",
    })),
    ...cause,
  };
}

/** A case that is so already is left alone. Where a rule moves it, whose it is then is not known yet. */
function isNeeded(action: RuleAction, kase: Case, all: readonly RuleAction[]): boolean {
  const moves = all.some(({ kind }) => kind === "moveToCampaign");
  if (action.kind === "setPriority") return action.priority !== kase.priority;
  if (action.kind === "escalate") return kase.status !== "escalated";
  if (action.kind === "moveToCampaign") return action.campaignId !== kase.campaignId;
  if (action.kind === "assign") return moves || action.assigneeId !== (kase.assigneeId ?? null);
  return true;
}

/** What became of one action. */
export type Outcome = Pick<ActionTaken, "state" | "code" | "detail">;

export const nextPlace = ({ actions }: Pick<RuleExecution, "actions">): number =>
  actions.findIndex(({ state }) => state === "pending");
