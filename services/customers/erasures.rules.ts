/** How an erasure goes: who asks may, which step comes next, and when it is over (B08). Pure. */
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { Erasure } from "#shared/contracts/customers/privacy.ts";
import { holders, type ErasedKind, type Holder } from "#shared/contracts/privacy.ts";
import { toldOf, type ErasedStep } from "#shared/erased-kinds.rules.ts";
import { invalidField } from "#shared/errors.ts";

/** How far it has got: it passes all holders once, and again until a late pass finds nothing. */
export interface Progress {
  pass: number;
  /** Whose turn it is. */
  place: number;
  cursor?: string;
  /** Documents that still held something in this pass. */
  changed: number;
  /** When the next step is due. */
  dueAt: Date;
}

type Going = Pick<Erasure, "createdAt" | "report"> & { progress: Progress };

/**
 * Refuses to erase somebody by mistake.
 * @throws 422 at `confirm`
 */
export function requireConfirmed(
  confirm: string,
  { displayName, documentNumber }: Pick<Customer, "displayName" | "documentNumber">,
): void {
  if (confirm === displayName || confirm === documentNumber) return;
  throw invalidField(
    "confirm",
    "must be the customer's display name or document number",
    "confirm",
  );
}

export const begun = (now: Date): Progress => ({ pass: 1, place: 0, changed: 0, dueAt: now });

/** Who is asked next. */
export const holderAt = ({ place }: Progress): Holder => holders[place] ?? holders[0];

/**
 * Where an erasure stands after a step. What was on its way to a service when its person was erased
 * may have come in since: a pass that began after `settleMs` and found nothing is the last.
 */
export function after(
  { progress, report, createdAt }: Going,
  step: ErasedStep,
  { now, settleMs }: { now: Date; settleMs: number },
): { report: ErasedKind[]; progress: Progress; over: boolean } {
  const service = holderAt(progress);
  const isFirst = progress.pass === 1;
  const { page, log } = step;
  const changed = progress.changed + page.changed + page.traces + log.changed;
  const next = nextOf({ ...progress, changed }, page.nextCursor);
  const settled = new Date(createdAt.getTime() + settleMs);
  return {
    report: toldOf(report, service, step, isFirst),
    ...(next ? { progress: { ...next, dueAt: now }, over: false } : passed()),
  };

  function passed() {
    const over = !isFirst && changed === 0;
    const dueAt = now < settled ? settled : now;
    return { progress: { pass: progress.pass + 1, place: 0, changed: 0, dueAt }, over };
  }
}

/** The next page, or the next holder's first; none at the end of a pass. */
function nextOf(
  { cursor: _done, ...progress }: Progress,
  nextCursor: string | null,
): Omit<Progress, "dueAt"> | undefined {
  if (nextCursor !== null) return { ...progress, cursor: nextCursor };
  const place = progress.place + 1;
  return place < holders.length ? { ...progress, place } : undefined;
}
