/** Why agents pause: what there is to choose from, and what may be chosen (G19). Pure. */
import type { NewPauseReason, PauseReason } from "#shared/contracts/identity/pause-reasons.ts";
import { invalidField } from "#shared/errors.ts";
import type { Chosen } from "./agent-states.rules.ts";
import type { Made } from "./users.rules.ts";

/** Code, English and Spanish name. */
const firstOnes: [string, string, string][] = [
  ["lunch", "Lunch", "Almuerzo"],
  ["break", "Break", "Descanso"],
  ["meeting", "Meeting", "Reunión"],
  ["training", "Training", "Capacitación"],
  ["other", "Other", "Otro"],
];

/** What there is at the very first start. */
export const firstSet: readonly NewPauseReason[] = firstOnes.map(([code, en, es], place) => ({
  code,
  names: { en, es },
  order: (place + 1) * 10,
  enabled: true,
}));

export const create = (
  draft: NewPauseReason,
  { id, at, by }: Made & { id: string },
): PauseReason => ({
  id,
  ...draft,
  version: 1,
  createdAt: at,
  createdBy: by,
  updatedAt: at,
  updatedBy: by,
});

type Patch = { [K in keyof NewPauseReason]?: NewPauseReason[K] | undefined };

export const change = (current: PauseReason, patch: Patch, { at, by }: Made): PauseReason => ({
  ...current,
  ...Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)),
  version: current.version + 1,
  updatedAt: at,
  updatedBy: by,
});

/**
 * What is said by hand: a pause has a reason, nothing else has one.
 * @param found the reason of the code, if it is configured
 * @throws 422 VALIDATION_ERROR at `reason`
 */
export function chosenFor(
  { state, reason }: { state: Chosen["state"]; reason?: string | undefined },
  found: PauseReason | undefined,
): Chosen {
  if (state !== "paused") {
    if (reason) throw invalidField("reason", "is only for a pause", "exclusive");
    return { state };
  }
  if (!reason) throw invalidField("reason", "is required for a pause", "required");
  if (!found) throw invalidField("reason", "is not a reason to pause", "unknown");
  if (!found.enabled) throw invalidField("reason", "is out of use", "disabled");
  return { state, reason };
}
