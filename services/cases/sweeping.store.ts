/** Walks through the open cases of a campaign; whoever changes meanwhile comes again, nobody is left out. */
import type { SweptCase } from "#shared/contracts/cases/sweeping.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import { cases, entries, type KeptCase } from "./tables.store.ts";

const fields = [
  ...["status", "priority", "campaignId", "assigneeId", "lastInteraction"],
  ...["lastCustomerUpdateAt", "createdAt", "updatedAt"],
];

/** A page of them, the one that was changed longest ago first. */
export async function openOf({
  campaignId,
  ...paging
}: {
  campaignId: string;
  limit: number;
  cursor?: string;
}): Promise<Page<SweptCase>> {
  const { items, nextCursor } = await findPage(cases.native(), {
    filter: { campaignId, active: true },
    sort: [
      ["updatedAt", 1],
      ["_id", 1],
    ],
    hint: entries.updated,
    fields,
    ...paging,
  });
  return { items: items.map(swept), nextCursor };
}

function swept({ _id: id, lastInteraction, ...kept }: Kept<KeptCase>): SweptCase {
  const { status, priority, campaignId, assigneeId, lastCustomerUpdateAt } = kept;
  const { createdAt, updatedAt } = kept;
  return {
    ...{ id, status, priority, campaignId, createdAt, updatedAt },
    ...(assigneeId ? { assigneeId } : {}),
    ...(lastCustomerUpdateAt ? { lastCustomerUpdateAt } : {}),
    ...(lastInteraction
      ? { lastInteraction: { direction: lastInteraction.direction, at: lastInteraction.at } }
      : {}),
  };
}
