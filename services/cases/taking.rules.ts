/** Who may take a case by hand (G07). Pure. */
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { conflict, notFound, notYours, readOnly } from "#shared/errors.ts";
import { requireOpen } from "./life.rules.ts";

/** What the taker has to do with the case. */
interface Sight {
  /** Has it already, and sees it. */
  has: boolean;
  /** Would see it if nobody had it. */
  sees: boolean;
  reads: boolean;
  /** The part that the taker has in its campaign. */
  scope?: CampaignScope | undefined;
}

/**
 * Refuses who would not see the case if nobody had it, or does not work on its channel. That
 * somebody has it is no secret to those who might have taken it.
 * @throws 404 NOT_FOUND; 403 READ_ONLY where it may only be read; 403 FORBIDDEN
 */
export function requireMayTake(
  { id, channelId }: Pick<Case, "id" | "channelId">,
  { has, sees, reads, scope }: Sight,
): void {
  if (has) return;
  if (!sees || !scope) throw reads ? readOnly("case", id) : notFound("case", id);
  if (!channelId || scope.channelIds.includes(channelId)) return;
  throw notYours("You do not work on the channel of this case");
}

/**
 * Refuses a case that is closed or another's.
 * @param nameOf the name of a user, where it is known
 * @throws 409 CASE_CLOSED; 409 CASE_TAKEN naming who has it
 */
export function requireFree(
  { number, status, assigneeId }: Case,
  takerId: string,
  nameOf: (userId: string) => string | undefined,
): void {
  requireOpen({ number, status });
  if (assigneeId === undefined || assigneeId === takerId) return;
  const assigneeName = nameOf(assigneeId);
  const data = { number, assigneeId, ...(assigneeName ? { assigneeName } : {}) };
  const by = assigneeName ?? "somebody else";
  throw conflict("CASE_TAKEN", `Case ${String(number)} was taken by ${by}`, data);
}
