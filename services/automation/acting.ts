/**
 * What a rule does, action by action. Each is a command of its own, known by its execution and
 * place: done twice it is done once, so that whatever is killed goes on from what was kept.
 */
import type { Broker, Meta } from "#shared/bus.ts";
import type { ActionTaken, RuleExecution } from "#shared/contracts/automation/executions.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { isRefusal } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { enqueue } from "./deliveries.store.ts";
import { wakeDeliverer } from "./deliverer.ts";
import { nextPlace, type Outcome } from "./executions.rules.ts";
import * as store from "./executions.store.ts";
import { caseOf } from "./facts.ts";
import { bodyOf } from "./webhooks.rules.ts";

/** Of several changes of one case at once, ours waits for the others. */
const mostStale = 5;

/**
 * Does what is left to be done of an execution.
 * @throws what keeps an action from being done now; those before it are kept
 */
export async function act(broker: Broker, execution: RuleExecution): Promise<void> {
  for (let left = execution; ;) {
    const place = nextPlace(left);
    const action = left.actions[place];
    if (!action) {
      await store.finish(left.id);
      return;
    }
    const outcome = await outcomeOf(broker, left, place);
    await keep(left, place, outcome);
    const actions = left.actions.with(place, { ...action, state: outcome.state });
    left = { ...left, actions };
  }
}

/** Lets an execution go on without its next action, which fails for no reason that we know. */
export async function giveUp(executionId: string): Promise<void> {
  const execution = await store.find(executionId);
  const place = execution ? nextPlace(execution) : -1;
  if (!execution || place < 0) return;
  await keep(execution, place, { state: "failed", code: "INTERNAL", detail: "Tried in vain" });
}

/** What became of an action, and what is told of it, or sent, in the transaction that keeps it. */
interface Done extends Outcome {
  tell?: (tx: Tx<"automation">) => Promise<void> | void;
}

const done: Done = { state: "done" };

async function outcomeOf(broker: Broker, execution: RuleExecution, place: number): Promise<Done> {
  try {
    const kase = await caseOf(broker, execution.caseId);
    if (!kase) return { state: "failed", code: "NOT_FOUND", detail: "The case is gone" };
    const action = execution.actions[place] as ActionTaken;
    return await ways[action.kind]({ broker, execution, place, action, kase });
  } catch (error) {
    if (!isRefusal(error) || isAbsence(error) || error.code >= 500 || error.code === 412) {
      throw error;
    }
    return { state: "refused", code: error.type, detail: error.message.slice(0, 300) };
  }
}

interface Task {
  broker: Broker;
  execution: RuleExecution;
  place: number;
  action: ActionTaken;
  kase: Case;
}

const ways: Record<ActionTaken["kind"], (task: Task) => Promise<Done> | Done> = {
  setPriority: (task) => changePriority(task),
  escalate,
  assign: (task) => transfer(task, { assigneeId: task.action.assigneeId ?? null }),
  moveToCampaign: (task) => transfer(task, { campaignId: String(task.action.campaignId) }),
  notify,
  sendEmail: mail,
  callWebhook,
};

/** On behalf of the rule, because of the execution, once. */
const onBehalf = ({ execution, place }: Task): { meta: Meta } => {
  const { id, ruleId, ruleName } = execution;
  return {
    meta: {
      actor: { kind: "rule", id: ruleId, name: ruleName, permissions: [] },
      requestId: id,
      commandId: `rule:${id}:${String(place)}`,
    },
  };
};

async function changePriority(task: Task, tried = 0): Promise<Done> {
  const { broker, action, kase } = task;
  const { priority } = action;
  if (!priority) return { state: "failed" };
  try {
    const wish = { id: kase.id, version: kase.version, priority };
    await broker.call("cases.change", wish, onBehalf(task));
    return done;
  } catch (error) {
    if (!isRefusal(error) || error.type !== "STALE_VERSION" || tried === mostStale) throw error;
    const current = await caseOf(broker, kase.id);
    return changePriority({ ...task, kase: current ?? kase }, tried + 1);
  }
}

async function escalate(task: Task): Promise<Done> {
  await task.broker.call("cases.escalate", { id: task.kase.id }, onBehalf(task));
  return done;
}

async function transfer(
  task: Task,
  wish: { assigneeId?: string | null; campaignId?: string },
): Promise<Done> {
  await task.broker.call("cases.transfer", { id: task.kase.id, ...wish }, onBehalf(task));
  return done;
}

/** Who is to hear of it: as the case is now. */
async function recipients({ broker, action, kase }: Task): Promise<string[]> {
  if (action.to === "users") return action.userIds ?? [];
  if (action.to === "assignee") return kase.assigneeId ? [kase.assigneeId] : [];
  const { supervisorIds } = await broker.call("campaigns.describe", { id: kase.campaignId });
  return supervisorIds;
}

const nobody: Done = { state: "refused", code: "NOBODY", detail: "There is nobody to tell" };

async function notify(task: Task): Promise<Done> {
  const { execution, action, kase } = task;
  const userIds = await recipients(task);
  if (userIds.length === 0) return nobody;
  const { ruleId, id: executionId } = execution;
  const message = String(action.message);
  return {
    state: "done",
    tell(tx) {
      for (const userId of userIds) {
        tx.announce({
          event: "automation.notified",
          aggregate: aggregateOf(execution),
          key: kase.id,
          data: { executionId, ruleId, caseId: kase.id, userId, message },
        });
      }
    },
  };
}

async function mail(task: Task): Promise<Done> {
  const { execution, place, kase } = task;
  const userIds = await recipients(task);
  if (userIds.length === 0) return nobody;
  const { ruleId, id: executionId } = execution;
  return {
    state: "done",
    tell(tx) {
      for (const userId of userIds) {
        tx.announce({
          event: "automation.mailRequested",
          aggregate: aggregateOf(execution),
          key: kase.id,
          data: { executionId, place, ruleId, caseId: kase.id, userId },
        });
      }
    },
  };
}

const aggregateOf = ({ id }: RuleExecution) => ({ kind: "ruleExecution", id, version: 1 });

/** The call is made by the deliverer: done is that it will be. */
function callWebhook({ execution, place, action, kase }: Task): Done {
  const webhookId = String(action.webhookId);
  const id = store.idOf(execution.id, String(place));
  const body = bodyOf(execution, kase);
  return {
    state: "done",
    tell: (tx) => enqueue({ id, webhookId, execution, kase, body }, new Date(), tx.session),
  };
}

/** Keeps what became of an action; where somebody else has, nothing is told a second time. */
async function keep(
  execution: RuleExecution,
  place: number,
  { tell, ...outcome }: Done,
): Promise<void> {
  await write("automation", { meta: {} }, async (tx) => {
    const said = { ...outcome, at: new Date() };
    if (await store.settle(execution, place, said, tx.session)) await tell?.(tx);
  });
  if (execution.actions[place]?.kind === "callWebhook") wakeDeliverer();
}
