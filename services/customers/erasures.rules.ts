/** How an erasure goes: who asks may, which step comes next, and when it is over (B08). Pure. */
import type { Answer } from "#shared/bus.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { ErasedKind, Erasure } from "#shared/contracts/customers/privacy.ts";
import { holders, type Holder } from "#shared/contracts/privacy.ts";
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

/** What a step did: a page of one kind, and the change log of what was on it. */
export interface Step {
  page: Answer<"cases.erasePersonalData">;
  log: { found: number; changed: number };
}

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
  { page, log }: Step,
  { now, settleMs }: { now: Date; settleMs: number },
): { report: ErasedKind[]; progress: Progress; over: boolean } {
  const service = holderAt(progress);
  const isFirst = progress.pass === 1;
  const { kind, stays, ids, traces } = page;
  const told = [
    { service, kind, stays, found: isFirst ? ids.length : 0, erased: page.changed },
    { service, kind: "trace", stays: traceStays, found: traces, erased: traces },
    {
      service: "audit",
      kind: "changeEntry",
      stays: logStays,
      found: isFirst ? log.found : 0,
      erased: log.changed,
    },
  ];
  const changed = progress.changed + page.changed + traces + log.changed;
  const next = nextOf({ ...progress, changed }, page.nextCursor);
  const settled = new Date(createdAt.getTime() + settleMs);
  return {
    report: told.reduce(added, report),
    ...(next ? { progress: { ...next, dueAt: now }, over: false } : passed()),
  };

  function passed() {
    const over = !isFirst && changed === 0;
    const dueAt = now < settled ? settled : now;
    return { progress: { pass: progress.pass + 1, place: 0, changed: 0, dueAt }, over };
  }
}

const traceStays = "that something happened and when; in an outbox for 7 days, in an answer for 2";
const logStays = "what kind of change, when and by whom; not what was there before and after";

/** The next page, or the next holder's first; none at the end of a pass. */
function nextOf(
  { cursor: _done, ...progress }: Progress,
  nextCursor: string | null,
): Omit<Progress, "dueAt"> | undefined {
  if (nextCursor !== null) return { ...progress, cursor: nextCursor };
  const place = progress.place + 1;
  return place < holders.length ? { ...progress, place } : undefined;
}

/** The report with what was done to one kind; nothing found is not told. */
function added(report: ErasedKind[], one: ErasedKind): ErasedKind[] {
  if (one.found === 0 && one.erased === 0) return report;
  const same = ({ service, kind }: ErasedKind) => service === one.service && kind === one.kind;
  const there = report.find(same);
  if (!there) return [...report, one];
  const sum = { ...one, found: there.found + one.found, erased: there.erased + one.erased };
  return report.map((held) => (same(held) ? sum : held));
}
