/** How long events are gathered before they go on together. */

const shortestMs = 40;
const longestMs = 250;

/**
 * Milliseconds to wait for company: short while little happens, so that who looks on hears at once,
 * and longer the more there was last time. A round trip for each event would cost ten times as much.
 */
export const gatherMs = (lastTime: number): number =>
  Math.min(longestMs, shortestMs + 3 * lastTime);
