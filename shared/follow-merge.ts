/** Following a merge of customers: how a service that keeps customer ids brings them up to date. */
import type { Caller } from "./bus.ts";
import type { Identity } from "./contracts/customers/merge.ts";
import { unavailable } from "./errors.ts";

const mostRounds = 20;

/** From which customers to which one what belongs to them moves. */
export interface Move {
  from: string[];
  to: string;
  identity: Identity;
}

/**
 * Moves what belongs to a merged customer, and to all who went the same way, to where it belongs
 * now. Customers is asked rather than the event believed, and asked again afterwards: however late
 * or out of order the events of a chain of merges come, the end is the same.
 * @param move twice is as once; `from` may be empty
 */
export async function followMerge(
  broker: Caller,
  absorbedId: string,
  move: (one: Move) => Promise<void>,
): Promise<void> {
  let identity = await identified(broker, absorbedId);
  for (let round = 0; identity && round < mostRounds; round += 1) {
    const { casesWith: to, sharing } = identity;
    await move({ from: sharing.filter((id) => id !== to), to, identity });
    const now = await identified(broker, absorbedId);
    if (now && isSame(now, identity)) return;
    identity = now;
  }
  if (identity) throw unavailable("The customer is being merged again and again");
}

const identified = async (broker: Caller, id: string): Promise<Identity | undefined> =>
  (await broker.call("customers.identify", { ids: [id] }))[0];

const isSame = (one: Identity, other: Identity): boolean =>
  one.survivorId === other.survivorId &&
  one.casesWith === other.casesWith &&
  one.sharing.length === other.sharing.length;
