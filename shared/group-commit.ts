/** Group commit: what arrives while a batch is under way goes together in the next one. */
import { unavailable } from "./errors.ts";

interface Waiting<T, R> {
  item: T;
  resolve: (answer: R) => void;
  reject: (reason: unknown) => void;
}

export interface GroupCommitOptions {
  /** Items of one batch. */
  maxBatch: number;
  /** Items that may wait; one more is refused with 503. */
  maxWaiting: number;
  /** Batches under way at the same time. */
  lanes: number;
  /** How long a batch gathers while others are under way or the one before had company; milliseconds. */
  gatherMs?: number;
}

/**
 * Answers a function that hands its items on in batches. An idle group takes what has arrived in
 * the same turn of the event loop and starts at once; only a busy one waits a moment for company.
 *
 * @param handle takes a batch and answers each item in order: a value, or an Error for that item
 *   alone; what it throws refuses the whole batch
 * @throws 503 UNAVAILABLE when too many items wait already
 */
export function groupCommit<T, R>(
  handle: (items: T[]) => Promise<(R | Error)[]>,
  { maxBatch, maxWaiting, lanes, gatherMs = 0 }: GroupCommitOptions,
): (item: T) => Promise<R> {
  const waiting: Waiting<T, R>[] = [];
  let running = 0;
  let scheduled = false;
  let company = false;

  return (item) =>
    new Promise<R>((resolve, reject) => {
      if (waiting.length >= maxWaiting) reject(unavailable("Too many requests are waiting", 1));
      else waiting.push({ item, resolve, reject });
      schedule();
    });

  function schedule(): void {
    if (scheduled || running >= lanes) return;
    scheduled = true;
    const busy = company || running > 0;
    if (busy && gatherMs > 0 && waiting.length < maxBatch) setTimeout(start, gatherMs);
    else setImmediate(start);
  }

  function start(): void {
    scheduled = false;
    if (waiting.length > 0 && running < lanes) void run(waiting.splice(0, maxBatch));
  }

  async function run(batch: Waiting<T, R>[]): Promise<void> {
    running += 1;
    company = batch.length > 1;
    try {
      answerAll(batch, await handle(batch.map(({ item }) => item)));
    } catch (reason) {
      for (const { reject } of batch) reject(reason);
    } finally {
      running -= 1;
      if (waiting.length > 0) schedule();
    }
  }
}

function answerAll<T, R>(batch: Waiting<T, R>[], answers: (R | Error)[]): void {
  batch.forEach(({ resolve, reject }, index) => {
    const answer = answers[index];
    if (answer instanceof Error) reject(answer);
    else resolve(answer as R);
  });
}
