/** What several services ask of their neighbours. */
import type { Caller } from "./bus.ts";
import type { ReadableCase } from "./contracts/cases/for-neighbours.ts";
import { moved, notFound } from "./errors.ts";
import { isAbsence } from "./faults.ts";

/** As many ids as a neighbour takes at once. */
const atOnce = 500;

async function inParts<R>(
  ids: readonly string[],
  ask: (ids: string[]) => Promise<R[]>,
): Promise<R[]> {
  const unique = [...new Set(ids)];
  const asked = [];
  for (let start = 0; start < unique.length; start += atOnce) {
    asked.push(ask(unique.slice(start, start + atOnce)));
  }
  return (await Promise.all(asked)).flat();
}

/** Those of these cases that the user who asks may read (G04, F125), by id. */
export async function readableCases(
  ctx: Caller,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadableCase>> {
  const found = await inParts(ids, (part) => ctx.call("cases.readable", { ids: part }));
  return new Map(found.map((one) => [one.id, one]));
}

/** The names of those ids that are users'; none while identity is away: they only help to read. */
export const userNames = (ctx: Caller, ids: readonly string[]): Promise<Map<string, string>> =>
  namesOf(inParts(ids, (part) => ctx.call("identity.namesOf", { ids: part })));

/** The same for campaigns. */
export const campaignNames = (ctx: Caller, ids: readonly string[]): Promise<Map<string, string>> =>
  namesOf(inParts(ids, (part) => ctx.call("campaigns.namesOf", { ids: part })));

async function namesOf(asked: Promise<{ id: string; name: string }[]>) {
  try {
    return new Map((await asked).map(({ id, name }) => [id, name]));
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return new Map<string, string>();
  }
}

/**
 * The ids by which what belongs to a customer is found: its own, and those of customers who were
 * merged into it with their cases, until everything of theirs has moved (P7).
 * @throws 404 NOT_FOUND; 308 MOVED with `survivorId` where it was merged itself (D03)
 */
export async function idsOfCustomer(ctx: Caller, id: string): Promise<string[]> {
  const [found] = await ctx.call("customers.identify", { ids: [id] });
  if (!found) throw notFound("customer", id);
  if (found.survivorId !== id) throw moved("customer", id, found.survivorId);
  return found.sharing;
}
