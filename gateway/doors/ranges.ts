/** Byte ranges (RFC 9110, 14): one is answered; several, or ones we cannot read, get the whole. */

export interface Part {
  readonly start: number;
  /** The first byte after the part. */
  readonly end: number;
}

/** The part that `Range` asks of so many bytes; "none" where it lies outside of them. */
export function partOf(range: string | undefined, size: number): Part | "all" | "none" {
  const { from, to } =
    /^bytes=\s*(?<from>\d{0,15})-(?<to>\d{0,15})\s*$/.exec(range ?? "")?.groups ?? {};
  if (from) return fromUntil(Number(from), to ? Number(to) : size - 1, size);
  return to ? lastOf(Math.min(Number(to), size), size) : "all";
}

function fromUntil(start: number, last: number, size: number): Part | "all" | "none" {
  if (start >= size) return "none";
  return last < start ? "all" : { start, end: Math.min(last + 1, size) };
}

const lastOf = (length: number, size: number): Part | "none" =>
  length === 0 ? "none" : { start: size - length, end: size };
