/** Runs an operation at a concurrency and answers how often and how fast it went. */
import { performance } from "node:perf_hooks";

export interface Figures {
  concurrency: number;
  done: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
}

/** The value below which this share of the sorted values lies. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/**
 * Runs `operation` from `concurrency` loops for some seconds, as long as there is `more`; one that
 * fails stops the run.
 */
export async function measured(
  operation: () => Promise<unknown>,
  concurrency: number,
  seconds: number,
  more: () => boolean = () => true,
): Promise<Figures> {
  const took: number[] = [];
  const start = performance.now();
  const until = start + seconds * 1000;
  await Promise.all(Array.from({ length: concurrency }, loop));
  const elapsed = (performance.now() - start) / 1000;
  took.sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => round(quantile(took, share)));
  return {
    concurrency,
    done: took.length,
    perSecond: round(took.length / elapsed),
    p50: p50 ?? 0,
    p95: p95 ?? 0,
    p99: p99 ?? 0,
  };

  async function loop(): Promise<void> {
    while (performance.now() < until && more()) {
      const began = performance.now();
      await operation();
      took.push(performance.now() - began);
    }
  }
}

export const round = (value: number): number => Math.round(value * 100) / 100;
