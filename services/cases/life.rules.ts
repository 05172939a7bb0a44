/** The life of a case: which status may follow which (G01), and what acting on it makes of it. Pure. */
import type { Case } from "#shared/contracts/cases.ts";
import type { Status } from "#shared/contracts/cases/status.ts";
import { conflict } from "#shared/errors.ts";

const next: Record<Status, readonly Status[]> = {
  new: ["open", "transferred", "escalated", "closed"],
  open: ["transferred", "escalated", "closed"],
  transferred: ["open", "transferred", "escalated", "closed"],
  escalated: ["open", "transferred", "closed"],
  closed: [],
};

/** When a change was made, and by whom. */
export interface Stamp {
  at: Date;
  by: string;
}

/** @throws 409 CASE_CLOSED (D04) */
export function requireOpen({ number, status }: Pick<Case, "number" | "status">): void {
  if (status !== "closed") return;
  throw conflict("CASE_CLOSED", `Case ${String(number)} is closed`, { number });
}

/** @throws 409 CONTENT_REMOVED where its campaign kept the case no longer (B08) */
export function requireContent({ number, contentRemovedAt }: Case): void {
  if (!contentRemovedAt) return;
  throw conflict("CONTENT_REMOVED", `The content of case ${String(number)} is gone for good`, {
    number,
    contentRemovedAt,
  });
}

/**
 * The case in another status (G01). Once it is closed nothing is planned on it any more (F174).
 * @throws 409 CASE_CLOSED, or ILLEGAL_TRANSITION naming both
 */
export function withStatus(kase: Case, status: Status): Case {
  requireOpen(kase);
  if (next[kase.status].includes(status)) return withoutPlans({ ...kase, status });
  const { number, status: from } = kase;
  throw conflict(
    "ILLEGAL_TRANSITION",
    `Case ${String(number)} is ${from}, it cannot be ${status}`,
    {
      number,
      from,
      to: status,
    },
  );
}

function withoutPlans(kase: Case): Case {
  if (kase.status !== "closed") return kase;
  const { nextActionAt: _done, ...rest } = kase;
  return rest;
}

/** A new case is open once a user acts on it (G01). */
export const actedOn = (kase: Case): Case =>
  kase.status === "new" ? { ...kase, status: "open" } : kase;

/** The next version of a case. */
export const stamped = (kase: Case, { at, by }: Stamp): Case => ({
  ...kase,
  version: kase.version + 1,
  updatedAt: at,
  updatedBy: by,
});
