/**
 * Looks for cases for which enough time has passed, in one replica at a time. What a rule does for
 * one period of a case is kept under both, so that it is done once (P13).
 */
import type { Logger } from "moleculer";
import { system } from "#shared/actor.ts";
import type { Broker } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import type { SweptCase } from "#shared/contracts/cases/sweeping.ts";
import { bells } from "#shared/events/bell.ts";
import { faultOf, holdLease, type Lease } from "#shared/events/lease.ts";
import { holdsIn } from "./business-rules.ts";
import type { ActiveRule } from "./business-rules.rules.ts";
import * as businessRules from "./business-rules.store.ts";
import { judge } from "./conditions.rules.ts";
import { isDue, periodOf } from "./executions.rules.ts";
import * as executions from "./executions.store.ts";
import type { Facts, Timeline } from "./facts.rules.ts";
import { caseOf, factsFor } from "./facts.ts";
import { begin } from "./runner.ts";
import { timelinesOf } from "./timelines.store.ts";

const atOnce = 200;
const none = bells();

/** Goes through the open cases again and again while this replica holds the lease for it. */
export const startScheduler = (broker: Broker, logger: Logger): Lease =>
  holdLease({
    service: "automation",
    role: "schedule",
    logger,
    async work(held) {
      const clock = none.hang(held);
      while (!held.aborted) {
        try {
          await sweep(broker, logger, held);
        } catch (error) {
          logger.warn("Rules that wait for time go on later", faultOf(error));
        }
        await clock.wait(config().RULE_SWEEP_SECONDS * 1_000);
      }
    },
  });

/** Looks at every open case of every campaign in which such a rule holds. */
async function sweep(broker: Broker, logger: Logger, held: AbortSignal): Promise<void> {
  const rules = await businessRules.automations();
  if (rules.length === 0) return;
  for (const campaignId of await campaignsOf(broker, rules)) {
    const own = rules.filter((rule) => holdsIn(rule, campaignId));
    for (let cursor: string | undefined; !held.aborted;) {
      const paging = { limit: atOnce, ...(cursor ? { cursor } : {}) };
      const page = await broker.call("cases.openOf", { campaignId, ...paging });
      await judgeSome(broker, logger, own, page.items);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
  }
}

async function campaignsOf(broker: Broker, rules: readonly ActiveRule[]): Promise<string[]> {
  if (rules.every(({ campaignIds }) => campaignIds.length > 0)) {
    return [...new Set(rules.flatMap(({ campaignIds }) => campaignIds))];
  }
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const paging = { limit: atOnce, ...(cursor ? { cursor } : {}) };
    const page = await broker.call("campaigns.list", paging, { meta: { actor: system } });
    ids.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor;
  }
}

interface Candidate {
  rule: ActiveRule;
  caseId: string;
  id: string;
}

/** Those for whom the time has come, and for whom nothing was done in this period. */
async function judgeSome(
  broker: Broker,
  logger: Logger,
  rules: readonly ActiveRule[],
  cases: readonly SweptCase[],
): Promise<void> {
  const now = new Date();
  const timelines = await timelinesOf(cases.map(({ id }) => id));
  const candidates = cases.flatMap((kase) => {
    const facts = { kase: toldBy(kase), timeline: timelines.get(kase.id) ?? {}, now };
    return rules.filter((rule) => isDue(rule, facts)).map((rule) => candidateOf(rule, facts));
  });
  const known = await executions.known(candidates.map(({ id }) => id));
  for (const candidate of candidates) {
    if (!known.has(candidate.id)) await consider(broker, logger, candidate);
  }
}

/** What a list tells of a case is enough for the timers. */
const toldBy = ({ lastInteraction: last, ...kase }: SweptCase): Facts["kase"] => ({
  ...kase,
  ...(last ? { lastInteraction: { ...last, id: "", channelId: "", preview: "" } } : {}),
});

type Timed = Pick<Facts, "kase"> & { timeline: Timeline };

const candidateOf = (rule: ActiveRule, facts: Timed): Candidate => ({
  rule,
  caseId: facts.kase.id,
  id: executions.idOf(rule.id, facts.kase.id, periodOf(rule, facts)),
});

/** The same looked at closely, with all that the conditions are about, as it is now. */
async function consider(
  broker: Broker,
  logger: Logger,
  { rule, caseId, id }: Candidate,
): Promise<void> {
  const kase = await caseOf(broker, caseId);
  const isOpen = kase?.id === caseId && kase.status !== "closed";
  if (!isOpen || !holdsIn(rule, kase.campaignId)) return;
  const facts = await factsFor(broker, rule, { kase, now: new Date() });
  const { matches, verdicts } = judge(rule, facts);
  const isSame = id === executions.idOf(rule.id, caseId, periodOf(rule, facts));
  if (matches && isSame) await begin(broker, logger, { rule, kase, verdicts, id, chain: [] });
}
