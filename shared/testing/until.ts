/** Waits for a condition of the running system, never for a length of time. */

/**
 * Asks until the answer is truthy, and answers it.
 * @throws after `withinMs`, with the last error if asking failed
 */
export async function until<T>(
  ask: () => Promise<T> | T,
  { withinMs = 20_000, everyMs = 25 } = {},
): Promise<Exclude<T, false | null | undefined | 0 | "">> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer as never;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`It did not come true within ${String(withinMs)} ms`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
