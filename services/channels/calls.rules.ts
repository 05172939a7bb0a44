/** The life of a call: how it may go on (D21). Pure. */
import type { Call } from "#shared/contracts/channels/calls.ts";
import { conflict, invalidField } from "#shared/errors.ts";

type State = Call["state"];

const next: Record<State, readonly State[]> = {
  ringing: ["answered", "missed", "ended"],
  answered: ["ended"],
  missed: [],
  ended: [],
};

/**
 * Only a call that was answered was talked in.
 * @param path where the call stands in what was sent, such as `call.`
 * @throws 422 VALIDATION_ERROR at `durationSeconds`
 */
export function requireTalkedOf({ state, durationSeconds }: Call, path = ""): void {
  if (durationSeconds === undefined || state === "answered" || state === "ended") return;
  throw invalidField(`${path}durationSeconds`, `is not of a call that is ${state}`, "forbidden");
}

/**
 * A call as news of it make it: it only goes forward. What comes late, and what says nothing new,
 * leaves it as it is, which is then the very same.
 * @throws 409 ILLEGAL_TRANSITION with `from` and `to` for what cannot have been; 422 at
 *   `durationSeconds`
 */
export function progressed(call: Call, told: Call): Call {
  requireTalkedOf(told);
  if (leadsTo(told.state, call.state)) return call;
  if (told.state === call.state || leadsTo(call.state, told.state)) {
    const after = { ...call, ...told };
    return isSame(call, after) ? call : after;
  }
  const { state: from } = call;
  throw conflict("ILLEGAL_TRANSITION", `A call that is ${from} cannot be ${told.state}`, {
    from,
    to: told.state,
  });
}

const leadsTo = (from: State, to: State): boolean => next[from].includes(to);

const isSame = (one: Call, other: Call): boolean =>
  one.state === other.state &&
  one.durationSeconds === other.durationSeconds &&
  one.recordingUrl === other.recordingUrl;
