/** Work that only few requests may be at, at the same time and in this process. */
import { unavailable } from "#shared/errors.ts";

/**
 * Lets so many in at once. Entering answers how to leave, which is done once for each entry.
 * @throws 503 UNAVAILABLE, saying why, to those who come while it is full
 */
export function fewAtOnce(most: number, why: string, retryAfterSeconds: number): () => () => void {
  let inside = 0;
  return () => {
    if (inside >= most) throw unavailable(why, retryAfterSeconds);
    inside += 1;
    return () => {
      inside -= 1;
    };
  };
}
