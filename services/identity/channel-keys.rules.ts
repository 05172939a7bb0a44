/** A connector's keys: at most two are active, so that one can take over from the other. */
import { conflict } from "#shared/errors.ts";

/**
 * The place of a new key beside those that are active.
 * @throws 409 TOO_MANY_KEYS when both places are taken
 */
export function freePlace(active: readonly { place: number }[]): 1 | 2 {
  const place = ([1, 2] as const).find((one) => active.every((key) => key.place !== one));
  if (place) return place;
  throw conflict("TOO_MANY_KEYS", "The channel has two active keys; revoke one first");
}
