/** How far a sent message comes: only forward, whatever order the news comes in (D21, P5). Pure. */
import type { Receipt } from "#shared/contracts/channels/delivering.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { conflict } from "#shared/errors.ts";

type State = Interaction["state"];

/** What may be heard of a message in each state; what failed is sent again by a person only. */
const next: Partial<Record<State, readonly Receipt["state"][]>> = {
  queued: ["sent", "delivered", "read", "failed"],
  sending: ["sent", "delivered", "read", "failed"],
  uncertain: ["sent", "delivered", "read", "failed"],
  sent: ["delivered", "read", "failed"],
  delivered: ["read"],
};

type Progress = Pick<Interaction, "state"> &
  Partial<Pick<Interaction, "sentAt" | "deliveredAt" | "readAt" | "failure">>;

const noReason = "It could not be sent";

type Times = Pick<Interaction, "at" | "sentAt" | "deliveredAt">;

/** What a receipt makes of a message; undefined where it is old news. */
export function advanced(
  { state, ...times }: Times & Pick<Interaction, "state">,
  receipt: Receipt,
  now: Date,
): Progress | undefined {
  if (!next[state]?.includes(receipt.state)) return undefined;
  if (receipt.state === "failed") return { state: "failed", failure: receipt.reason ?? noReason };
  const when = within(receipt.at ?? now, times.at, now);
  return { state: receipt.state, ...reached(receipt.state, when, times) };
}

/** The times up to there: what was read has arrived, and what has arrived was sent. */
function reached(
  state: "sent" | "delivered" | "read",
  when: Date,
  { sentAt = when, deliveredAt = when }: Times,
): Partial<Progress> {
  if (state === "sent") return { sentAt };
  return { sentAt, deliveredAt, ...(state === "read" ? { readAt: when } : {}) };
}

/** A connector's clock may be wrong: nothing was sent before it was written, or will have been. */
const within = (when: Date, from: Date, to: Date): Date =>
  when < from ? from : when > to ? to : when;

const hasLeft = (state: State): boolean => ["sent", "delivered", "read"].includes(state);

type Told = "sent" | "delivered" | "read" | "undelivered";

/** What is announced of a step: also that it has left, where that was not heard before. */
export function toldOf(before: State, after: State): Told[] {
  const left: Told[] = hasLeft(after) && !hasLeft(before) && after !== "sent" ? ["sent"] : [];
  if (after === "failed" || after === "uncertain") return ["undelivered"];
  return hasLeft(after) ? [...left, after as Told] : [];
}

/** @throws 409 INTERACTION_NOT_RESENDABLE for what goes out by itself, has gone out, or came in */
export function requireResendable({
  state,
  direction,
  seq,
  erasedAt,
}: Pick<Interaction, "state" | "direction" | "seq" | "erasedAt">): void {
  const isLeft = state === "failed" || state === "uncertain";
  if (direction === "outbound" && seq !== undefined && isLeft && !erasedAt) return;
  const message = "Only what failed or is uncertain is sent again";
  throw conflict("INTERACTION_NOT_RESENDABLE", message, { state });
}
