/**
 * Judges the triggers of what happened, and drives executions on to their end, in one replica at a
 * time. What came of an event is kept under both, so that doing it again is as once (P13).
 */
import type { Logger } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import type { RuleExecution, Verdict } from "#shared/contracts/automation/executions.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { bells } from "#shared/events/bell.ts";
import { faultOf, type Lease } from "#shared/events/lease.ts";
import { isAbsence, isPassing } from "#shared/faults.ts";
import { workOff } from "#shared/jobs.ts";
import { act, giveUp } from "./acting.ts";
import { holdsIn } from "./business-rules.ts";
import type { ActiveRule } from "./business-rules.rules.ts";
import * as businessRules from "./business-rules.store.ts";
import { judge } from "./conditions.rules.ts";
import * as evaluations from "./evaluations.store.ts";
import type { Evaluation } from "./evaluations.store.ts";
import { mayFollow, mostAnHour, planned } from "./executions.rules.ts";
import * as executions from "./executions.store.ts";
import { caseOf, factsFor } from "./facts.ts";

/** What another replica took in is found this late. */
const sweepMs = 500;
const atOnce = 50;
/** How many cases are worked on side by side: few, for others work, too. */
const abreast = 4;
/** Until a neighbour that is away is asked again. */
const waitMs = 2_000;
/** Tried so often without a reason that we know, an event, or an action, is given up. */
const mostTries = 10;
/** Whoever does an execution at once goes on with it alone for so long. */
const headStartMs = 15_000;

const news = bells();

/** Tells the runner of this process, if it is the one at work, that something happened. */
export const wakeRunner = news.ring;

export const startRunner = (broker: Broker, logger: Logger): Lease =>
  workOff({
    ...{ service: "automation", role: "rules", logger, news, sweepMs },
    round: (held) => round(broker, logger, held),
  });

/** Does some of what is due; answers how much that was. */
async function round(broker: Broker, logger: Logger, held: AbortSignal): Promise<number> {
  const started = await executions.due(new Date(), atOnce);
  await sideBySide(started, held, (one) => goOn(broker, logger, one));
  const found = await evaluations.due(new Date(), atOnce);
  await sideBySide(found, held, (one) => evaluate(broker, logger, one));
  return started.length + found.length;
}

/** Works on some cases side by side, on each in order; of a case that fails the rest waits as well. */
async function sideBySide<T extends { caseId: string }>(
  all: readonly T[],
  held: AbortSignal,
  work: (one: T) => Promise<boolean>,
): Promise<void> {
  const cases = [...Map.groupBy(all, ({ caseId }) => caseId).values()];
  const next = async () => {
    for (let own = cases.shift(); own; own = cases.shift()) {
      for (const one of own) if (held.aborted || !(await work(one))) break;
    }
  };
  await Promise.all(Array.from({ length: abreast }, next));
}

/** Drives an execution on; false where it has to wait. */
async function goOn(broker: Broker, logger: Logger, execution: RuleExecution): Promise<boolean> {
  try {
    await act(broker, execution);
    return true;
  } catch (error) {
    logger.warn("What a rule does is done later", { id: execution.id, ...faultOf(error) });
    const tried = await executions.postpone(execution.id, new Date(Date.now() + waitMs));
    if (tried >= mostTries && !isAbsence(error) && !isPassing(error)) await giveUp(execution.id);
    return false;
  }
}

/** Judges the triggers that an event sets off; false where that has to wait. */
async function evaluate(broker: Broker, logger: Logger, one: Evaluation): Promise<boolean> {
  try {
    await judgeAll(broker, logger, one);
    await evaluations.finish(one.id);
    return true;
  } catch (error) {
    const isOver = !isAbsence(error) && !isPassing(error) && one.tried >= mostTries;
    const told = { event: one.event, id: one.id, ...faultOf(error) };
    if (isOver) {
      logger.error("The rules of an event are given up", told);
      await evaluations.finish(one.id);
    } else {
      logger.warn("The rules of an event are judged later", told);
      await evaluations.postpone(one.id, new Date(Date.now() + waitMs));
    }
    return isOver;
  }
}

/** One rule after the other, each with the case as those before it have left it. */
async function judgeAll(broker: Broker, logger: Logger, one: Evaluation): Promise<void> {
  const chain = await chainOf(one);
  const rules = (await businessRules.triggers([one.trigger])).filter(
    (rule) =>
      rule.activeSince <= one.at && !one.matched.includes(rule.id) && mayFollow(rule.id, chain),
  );
  let kase: Case | undefined;
  for (const rule of rules) {
    kase ??= await caseOf(broker, one.caseId);
    if (!kase || kase.status === "closed") return;
    if (!holdsIn(rule, kase.campaignId)) continue;
    const { activityId } = one;
    const facts = await factsFor(broker, rule, { kase, activityId, now: new Date() });
    const { matches, verdicts } = judge(rule, facts);
    if (!matches) continue;
    const cause = { id: executions.idOf(rule.id, one.id), event: one.event, eventId: one.id };
    await begin(broker, logger, { rule, kase, verdicts, ...cause, chain });
    await evaluations.noteMatch(one.id, rule.id);
    kase = undefined; // it may be another one now
  }
}

/** The rules that led to an event, where it is the effect of one. */
async function chainOf({ effectOf }: Evaluation): Promise<string[]> {
  const execution = effectOf === undefined ? undefined : await executions.find(effectOf);
  return execution ? [...execution.chain, execution.ruleId] : [];
}

/** A rule that matches a case, and what set it off. */
export interface Match {
  rule: ActiveRule;
  kase: Case;
  verdicts: Verdict[];
  id: string;
  event?: string;
  eventId?: string;
  chain: string[];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Puts a match into the log, once, and does what the rule says; what fails now goes on later. */
export async function begin(
  broker: Broker,
  logger: Logger,
  { rule, kase, ...match }: Match,
): Promise<void> {
  const at = new Date();
  const plan = planned(rule, kase, { ...match, at });
  const of = { ruleId: rule.id, caseId: kase.id };
  const recent = await executions.countSince(of, new Date(at.getTime() - hourMs), mostAnHour);
  const execution = recent < mostAnHour ? plan : { ...plan, state: "held" as const };
  const added = await executions.add(execution, {
    dueAt: new Date(at.getTime() + headStartMs),
    keptUntil: new Date(at.getTime() + config().RULE_LOG_DAYS * dayMs),
  });
  const left = added ? execution : await executions.find(plan.id);
  if (left?.state === "running") await goOn(broker, logger, left);
}
