/** Case numbers: unique, never reused, taken by each replica in blocks. */
import { counters } from "./tables.store.ts";

const firstNumber = 1001;
const blockSize = 100;

let free: number[] = [];
let reserving: Promise<void> | undefined;

/**
 * The next numbers for new cases. A block that a replica does not use up is lost: numbers rise,
 * but not without gaps.
 */
export async function nextNumbers(count: number): Promise<number[]> {
  while (free.length < count) {
    reserving ??= reserve(Math.max(blockSize, count)).finally(() => (reserving = undefined));
    await reserving;
  }
  return free.splice(0, count);
}

async function reserve(size: number): Promise<void> {
  const after = await counters
    .native()
    .findOneAndUpdate(
      { _id: "caseNumber" },
      [{ $set: { next: { $add: [{ $ifNull: ["$next", firstNumber] }, size] } } }],
      { upsert: true, returnDocument: "after" },
    );
  const end = after?.next ?? firstNumber + size;
  free = [...free, ...Array.from({ length: size }, (_, index) => end - size + index)];
}
