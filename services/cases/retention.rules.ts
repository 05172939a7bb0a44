/** How a run through closed cases goes: which night, which step comes next, when it is over (B08). Pure. */
import type { Answer } from "#shared/bus.ts";
import type { RetentionRun } from "#shared/contracts/cases/retention.ts";
import { caseHolders } from "#shared/contracts/privacy.ts";
import { added, toldOf, type ErasedStep } from "#shared/erased-kinds.rules.ts";
import { conflict, invalidField } from "#shared/errors.ts";

/** A closed case, as far as a run looks at it. */
export interface Closed {
  id: string;
  number: number;
  closedAt: Date;
}

/** How far a run has got: it takes some cases at a time through all holders. */
export interface Progress {
  /** The last case that was looked at. */
  after?: { closedAt: Date; id: string };
  /** Whose content is going; none: the next ones are due. */
  caseIds: string[];
  /** Which holder's turn it is. */
  place: number;
  cursor?: string;
  /** When the next step is due. */
  dueAt: Date;
}

type Going = RetentionRun & { progress: Progress };
type Next = Partial<RetentionRun> & { progress: Progress };

const dayMs = 86_400_000;
const mostExamples = 10;

/** The last time that it was this hour of the day, in UTC. */
export function nightOf(now: Date, hour: number): Date {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour);
  return new Date(today > now.getTime() ? today - dayMs : today);
}

/**
 * After how many days a run takes content away.
 * @param own the campaign's, where it has any
 * @throws 422 at `retentionDays` where a run that is none on trial names them · 409 RETENTION_OFF
 */
export function daysOf(
  { dryRun, retentionDays }: { dryRun: boolean; retentionDays?: number | undefined },
  own: number | undefined,
): number {
  if (!dryRun && retentionDays !== undefined) {
    throw invalidField("retentionDays", "goes with dryRun only", "unused");
  }
  const wanted = retentionDays ?? own;
  if (wanted === undefined) {
    throw conflict("RETENTION_OFF", "The campaign keeps the content of its cases for ever");
  }
  return wanted;
}

/** A run as it begins. */
export const begun = (
  of: Pick<RetentionRun, "id" | "campaignId" | "dryRun" | "retentionDays">,
  { at, by }: { at: Date; by: string },
): Going => ({
  ...of,
  state: "running",
  closedBefore: new Date(at.getTime() - of.retentionDays * dayMs),
  ...{ found: 0, spared: 0, examples: [], report: [] },
  ...{ createdAt: at, createdBy: by, updatedAt: at },
  progress: { caseIds: [], place: 0, dueAt: at },
});

/** Whether the campaign keeps the content for longer since the run began, or for ever. */
export const isWithdrawn = (
  { dryRun, retentionDays }: Pick<RetentionRun, "dryRun" | "retentionDays">,
  own: number | undefined,
): boolean => !dryRun && (own === undefined || own > retentionDays);

/** Where a run stands once it has chosen its next cases, oldest first, without those that are held. */
export function chosen(
  { progress, ...run }: Going,
  cases: readonly Closed[],
  held: ReadonlySet<string>,
  now: Date,
): Next {
  const taken = cases.filter(({ id }) => !held.has(id));
  const last = cases.at(-1);
  const after = last ? { closedAt: last.closedAt, id: last.id } : progress.after;
  const examples = [...run.examples, ...taken.map(exampleOf)].slice(0, mostExamples);
  const oldestClosedAt = run.oldestClosedAt ?? taken[0]?.closedAt;
  return {
    found: run.found + taken.length,
    spared: run.spared + cases.length - taken.length,
    examples,
    ...(oldestClosedAt ? { oldestClosedAt } : {}),
    progress: {
      ...(after ? { after } : {}),
      ...{ caseIds: taken.map(({ id }) => id), place: 0, dueAt: now },
    },
  };
}

const exampleOf = ({ id, number, closedAt }: Closed): Closed => ({ id, number, closedAt });

/** Where a run stands once some of the cases that it has chosen turn out to be held. */
export function spared(
  { progress, found, spared: before }: Going,
  held: ReadonlySet<string>,
  now: Date,
): Next {
  const caseIds = progress.caseIds.filter((id) => !held.has(id));
  const gone = progress.caseIds.length - caseIds.length;
  return {
    ...{ found: found - gone, spared: before + gone },
    progress: { ...progress, caseIds, dueAt: now },
  };
}

/** Who is asked next. */
export const holderAt = ({ place }: Progress) => caseHolders[place] ?? caseHolders[0];

/** Where a run stands after a page; after the last holder's last one its next cases are due. */
export function removed({ progress, report }: Going, step: ErasedStep, now: Date): Next {
  const { cursor: _done, ...rest } = progress;
  const { nextCursor } = step.page;
  const told = toldOf(report, holderAt(progress), step);
  if (nextCursor !== null) {
    return { report: told, progress: { ...rest, cursor: nextCursor, dueAt: now } };
  }
  const place = progress.place + 1;
  const isOver = place >= caseHolders.length;
  return {
    report: told,
    progress: { ...rest, ...(isOver ? { caseIds: [], place: 0 } : { place }), dueAt: now },
  };
}

/** What a service keeps of cases. */
export type Counts = Answer<"cases.countCaseContent">;

/** Where a run on trial stands once all have told what they keep of the cases. */
export const counted = (
  { progress, report }: Going,
  told: readonly { service: string; counts: Counts }[],
  now: Date,
): Next => ({
  report: told
    .flatMap(({ service, counts }) =>
      counts.map(({ count: found, ...kind }) => ({ service, ...kind, found, erased: 0 })),
    )
    .reduce(added, report),
  progress: { ...progress, caseIds: [], place: 0, dueAt: now },
});
