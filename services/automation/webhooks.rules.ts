/** What a webhook may be, what a call says, and when it is made again (G12). Pure. */
import type { RuleExecution } from "#shared/contracts/automation/executions.ts";
import type { Delivery, Webhook } from "#shared/contracts/automation/webhooks.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { conflict, invalidField } from "#shared/errors.ts";
import { readPublicAddress } from "#shared/public-addresses.rules.ts";
import type { Made } from "./business-rules.rules.ts";

type Draft = Pick<Webhook, "name" | "url" | "enabled">;

/**
 * The host that is yet to be resolved; none where the operator allows it wherever it leads.
 * @throws 422 VALIDATION_ERROR at `url` for what is not public
 */
export function hostOf(url: string, inside: readonly string[]): string | undefined {
  const read = readPublicAddress(url, inside);
  if ("fault" in read) throw invalidField("url", read.fault, "private");
  return read.isInside ? undefined : read.host;
}

export const leadingInside = () =>
  invalidField("url", "must not lead to a private address", "private");

export const create = ({ name, url, enabled }: Draft, id: string, { at, by }: Made): Webhook => ({
  ...{ id, name, url, enabled, version: 1 },
  ...{ createdAt: at, createdBy: by, updatedAt: at, updatedBy: by },
});

type Patch = { [K in keyof Draft]?: Draft[K] | undefined };

export const change = (current: Webhook, patch: Patch, { at, by }: Made): Webhook => ({
  ...current,
  ...(Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  ) as Partial<Draft>),
  version: current.version + 1,
  updatedAt: at,
  updatedBy: by,
});

/** What a call says: ids and states, nothing that tells about a person (P16). */
export const bodyOf = (
  execution: Pick<RuleExecution, "id" | "ruleId" | "ruleName" | "event" | "at">,
  kase: Pick<Case, "id" | "number" | "campaignId" | "status" | "priority" | "assigneeId">,
): string =>
  JSON.stringify({
    type: "rule.matched",
    timestamp: execution.at,
    data: {
      executionId: execution.id,
      rule: { id: execution.ruleId, name: execution.ruleName },
      event: execution.event ?? null,
      case: {
        id: kase.id,
        number: kase.number,
        campaignId: kase.campaignId,
        status: kase.status,
        priority: kase.priority,
        assigneeId: kase.assigneeId ?? null,
      },
    },
  });

/** What an attempt was answered, or why it was not. */
export interface Attempt {
  status?: number;
  fault?: string;
}

const firstPauseMs = 5_000;
const longestPauseMs = 6 * 3_600_000;
/** Over about two days. */
const mostAttempts = 20;
const gone = 410;

/** The state after an attempt: pauses grow, and come to an end. */
export function settled(
  attempt: Attempt,
  attempts: number,
  now: Date,
): Pick<Delivery, "state" | "status" | "fault" | "nextAt"> {
  if (isTaken(attempt)) return { state: "delivered", ...attempt };
  if (isInVain(attempt) || attempts >= mostAttempts) return { state: "failed", ...attempt };
  const pauseMs = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs);
  return { state: "queued", ...attempt, nextAt: new Date(now.getTime() + pauseMs) };
}

const isTaken = ({ status = 0 }: Attempt): boolean => status >= 200 && status < 300;

const isInVain = ({ status, fault }: Attempt): boolean => status === gone || fault === "disabled";

/** @throws 409 DELIVERY_QUEUED for a call that is yet to be made */
export function requireOver({ state }: Pick<Delivery, "state">): void {
  if (state === "queued") throw conflict("DELIVERY_QUEUED", "The call is made by itself");
}

/** 409: a rule calls it. */
export const inUse = () => conflict("WEBHOOK_IN_USE", "A business rule calls this webhook");
