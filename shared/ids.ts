/** Identifiers: UUIDv7 (RFC 9562), so that they sort by the time they were made. */
import { randomFillSync } from "node:crypto";

/** Random bytes are drawn many at a time: one draw costs as much as a thousand bytes. */
const pool = Buffer.allocUnsafe(8 * 512);
let used = pool.length;

let lastMs = 0;
let sequence = 0;

/** A new identifier; within one process each is greater than the one before. */
export function newId(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    sequence = 0;
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const count = sequence.toString(16).padStart(3, "0");
  const tail = randomTail();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** 64 bits in hexadecimal: the variant of RFC 9562, the rest random. */
function randomTail(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool[used] = ((pool[used] ?? 0) & 0x3f) | 0x80;
  used += 8;
  return pool.toString("hex", used - 8, used);
}
