/** Where the scripts of campaigns are kept: apart, for they are long and seldom read (F201). */
import type { ClientSession } from "mongodb";
import { Script } from "#shared/contracts/campaigns/script.ts";
import { id } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** By campaign. */
const scripts = collection("campaigns", "scripts", { id, html: Script.html }, []);

/** An empty one where none was set. */
export async function getScript(campaignId: string, session?: ClientSession): Promise<string> {
  const found = await scripts
    .native()
    .findOne({ _id: campaignId }, session ? { session } : undefined);
  return found?.html ?? "";
}

export async function setScript(
  campaignId: string,
  html: string,
  session: ClientSession,
): Promise<void> {
  await scripts
    .native()
    .updateOne({ _id: campaignId }, { $set: { html } }, { session, upsert: true });
}
