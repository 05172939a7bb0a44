/** Agendas: who may see whose, and what overlaps (F178). Pure. */
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { AgendaItem } from "#shared/contracts/cases/agenda.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { invalidField, notFound } from "#shared/errors.ts";

/** A case with a next action. */
export type Planned = Case & { nextActionAt: Date };

/** @throws 422 VALIDATION_ERROR where both whose agenda and of which case are named, or `to` is not after `from` */
export function requireOne(asked: {
  userId?: string | undefined;
  caseId?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}): void {
  if (asked.userId !== undefined && asked.caseId !== undefined) {
    throw invalidField("caseId", "cannot be asked for together with userId", "together");
  }
  if (asked.from && asked.to && asked.to <= asked.from) {
    throw invalidField("to", "must be after from", "order");
  }
}

/**
 * Refuses the agenda of somebody else to who neither is an administrator nor supervises a campaign
 * in which they are an agent.
 * @param own the campaigns of the one who asks, in the role that counts now
 * @param theirs those of the other one
 * @throws 404 NOT_FOUND, alike for a user who is not there
 */
export function requireAgendaOf(
  userId: string,
  asker: Actor,
  own: readonly CampaignScope[],
  theirs: readonly CampaignScope[],
): void {
  if (userId === asker.id || asker.role === "administrator") return;
  const supervised = new Set(
    own.filter(({ as }) => as === "supervisor").map(({ campaignId }) => campaignId),
  );
  const isTheirs = theirs.some(
    ({ as, campaignId }) => as === "agent" && supervised.has(campaignId),
  );
  if (!isTheirs) throw notFound("agenda", userId);
}

const endOf = (at: Date, lengthMs: number): Date => new Date(at.getTime() + lengthMs);

/**
 * The agenda as it is shown.
 * @param times of all next actions around these, theirs among them, in order
 * @param sees whether the one who asks may see a case
 */
export function itemsOf(
  planned: readonly Planned[],
  times: readonly Date[],
  lengthMs: number,
  sees: (kase: Case) => boolean,
): AgendaItem[] {
  return planned.map((kase) => {
    const { nextActionAt: at } = kase;
    const overlaps = times.filter((other) => Math.abs(Number(other) - Number(at)) < lengthMs);
    return {
      at,
      endsAt: endOf(at, lengthMs),
      overlaps: Math.max(0, overlaps.length - 1),
      ...(sees(kase) ? { case: shown(kase) } : {}),
    };
  });
}

const shown = ({ id, number, campaignId, status, priority, subject, customerName }: Case) => ({
  ...{ id, number, campaignId, status, priority },
  ...(subject === undefined ? {} : { subject }),
  ...(customerName === undefined ? {} : { customerName }),
});
