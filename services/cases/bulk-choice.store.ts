/** Which cases somebody chooses for a job: found by a filter, or named (F126). */
import type { Filter } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import type { Kept } from "#shared/mongo/store.ts";
import type { Filter as Visible } from "#shared/visibility.ts";
import type { Asked } from "./lists.rules.ts";
import { list } from "./lists.store.ts";
import type { ListSight } from "./lists-ways.store.ts";
import { cases, type KeptCase } from "./tables.store.ts";

/** How many cases a filter finds among the visible ones. */
export async function countFound(asked: Asked, sight: ListSight): Promise<number> {
  const only = { ...sight, readable: sight.visible }; // what may only be read is not closed
  const { total = 0 } = await list({ ...asked, limit: 1, count: true }, only);
  return total;
}

/** Those of these cases, named by id or number, that are visible: by what they were named. */
export async function visibleAmong(
  idsOrNumbers: readonly string[],
  visible: Visible,
): Promise<Map<string, Pick<Case, "id" | "number" | "campaignId">>> {
  const numbers = idsOrNumbers.filter((one) => /^\d+$/.test(one)).map(Number);
  const named = { $or: [{ _id: { $in: [...idsOrNumbers] } }, { number: { $in: numbers } }] };
  const found = await cases
    .native()
    .find({ $and: [named, visible] } as Filter<Kept<KeptCase>>)
    .project<{ _id: string; number: number; campaignId: string }>({ number: 1, campaignId: 1 })
    .toArray();
  return new Map(
    found.flatMap(({ _id, number, campaignId }) => {
      const kase = { id: _id, number, campaignId };
      return [
        [_id, kase],
        [String(number), kase],
      ];
    }),
  );
}
