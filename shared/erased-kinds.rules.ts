/** What a report says of what was erased, kind by kind (B08). Pure. */
import type { ErasedKind, ErasedPage } from "./contracts/privacy.ts";

/** A page of one kind that was erased, and the change log of what was on it. */
export interface ErasedStep {
  page: ErasedPage;
  log: { found: number; changed: number };
}

const traceStays = "that something happened and when; in an outbox for 7 days, in an answer for 2";
const logStays = "what kind of change, when and by whom; not what was there before and after";

/**
 * The report with what a step did; nothing found is not told.
 * @param isFirst whether it has not counted before what is on the page
 */
export const toldOf = (
  report: ErasedKind[],
  service: string,
  { page: { kind, stays, ids, changed, traces }, log }: ErasedStep,
  isFirst = true,
): ErasedKind[] =>
  [
    { service, kind, stays, found: isFirst ? ids.length : 0, erased: changed },
    { service, kind: "trace", stays: traceStays, found: traces, erased: traces },
    {
      ...{ service: "audit", kind: "changeEntry", stays: logStays },
      ...{ found: isFirst ? log.found : 0, erased: log.changed },
    },
  ].reduce(added, report);

/** The report with so much more of one kind; nothing found is not told. */
export function added(report: ErasedKind[], one: ErasedKind): ErasedKind[] {
  if (one.found === 0 && one.erased === 0) return report;
  const same = ({ service, kind }: ErasedKind) => service === one.service && kind === one.kind;
  const there = report.find(same);
  if (!there) return [...report, one];
  const sum = { ...one, found: there.found + one.found, erased: there.erased + one.erased };
  return report.map((held) => (same(held) ? sum : held));
}
