/** Keeps the answers to requests with an idempotency key, a day long. */
import { instant, longText, map, oneOf, optional, text, whole } from "#shared/fields.ts";
import { collection, isDuplicate } from "#shared/mongo/store.ts";

const dayS = 86_400;

/** What was answered first. */
export interface KeptAnswer {
  status: number;
  headers: Record<string, string>;
  /** Missing where the answer carries a secret or is too large to keep. */
  body?: string;
}

const table = collection(
  "gateway",
  "idempotency",
  {
    id: text(64),
    /** Method, path and body, hashed. */
    fingerprint: text(64),
    state: oneOf("running", "answered"),
    /** Until then whoever runs it has it alone. */
    lockedUntil: instant,
    status: optional(whole(200, 499)),
    headers: optional(map(text(500))),
    body: optional(longText(1_000_000)),
    at: instant,
  },
  [{ key: { at: 1 }, expireAfterSeconds: dayS }],
);

/** Takes a key that nobody has used; false where somebody has. */
export async function take(id: string, fingerprint: string, lockedUntil: Date): Promise<boolean> {
  try {
    const at = new Date();
    await table
      .native()
      .insertOne({ _id: id, fingerprint, state: "running", lockedUntil, at } as never);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** What is kept under a key. */
export const find = (id: string) => table.native().findOne({ _id: id });

/** Takes over from somebody whose time has run out; false where another was quicker. */
export async function takeOver(id: string, abandoned: Date, lockedUntil: Date): Promise<boolean> {
  const { modifiedCount } = await table
    .native()
    .updateOne({ _id: id, state: "running", lockedUntil: abandoned }, { $set: { lockedUntil } });
  return modifiedCount === 1;
}

/** Keeps the answer, unless somebody else has taken over meanwhile. */
export async function keep(id: string, lockedUntil: Date, answer: KeptAnswer): Promise<void> {
  await table
    .native()
    .updateOne(
      { _id: id, state: "running", lockedUntil },
      { $set: { state: "answered", ...answer } },
    );
}

/** Gives the key back: the request had no effect that must not be repeated. */
export async function release(id: string, lockedUntil: Date): Promise<void> {
  await table.native().deleteOne({ _id: id, state: "running", lockedUntil });
}
