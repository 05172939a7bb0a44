/** Where the additional tabs of campaigns are kept: apart, for they may be large (F202). */
import type { ClientSession } from "mongodb";
import { mostTabs, Tab } from "#shared/contracts/campaigns/tabs.ts";
import { id, list, record } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** By campaign. */
const shape = { id, items: list(record(Tab), mostTabs) };
const tabs = collection("campaigns", "tabs", shape, []);

/** None where none were set. */
export async function getTabs(campaignId: string, session?: ClientSession): Promise<Tab[]> {
  const found = await tabs.native().findOne({ _id: campaignId }, session ? { session } : undefined);
  return found?.items ?? [];
}

export async function setTabs(
  campaignId: string,
  items: Tab[],
  session: ClientSession,
): Promise<void> {
  await tabs
    .native()
    .updateOne({ _id: campaignId }, { $set: { items } }, { session, upsert: true });
}
