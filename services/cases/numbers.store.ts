/** Case numbers: unique, never reused, taken by each replica in blocks. */
import { id, whole } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** The next value of each series of numbers. */
const counters = collection(
  "cases",
  "counters",
  { id, next: whole(1, Number.MAX_SAFE_INTEGER) },
  [],
);

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
  const numbers = free.splice(0, count);
  if (free.length < blockSize / 2) refill();
  return numbers;
}

/** The next block is fetched before it is needed, so that no message waits for it. */
const refill = (): void => {
  reserving ??= reserve(blockSize)
    .catch(() => undefined) // whoever needs numbers tries again, and hears of it
    .finally(() => (reserving = undefined));
};

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
