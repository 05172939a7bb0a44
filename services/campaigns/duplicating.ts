/** A campaign made like another one (G05). */
import type { Ctx } from "#shared/bus.ts";
import type { Campaign } from "#shared/contracts/campaigns.ts";
import { newId } from "#shared/ids.ts";
import * as rules from "./campaigns.rules.ts";
import * as store from "./campaigns.store.ts";
import { add } from "./changing.ts";
import { getScript, setScript } from "./script.store.ts";
import { getTabs, setTabs } from "./tabs.store.ts";

/**
 * Makes a campaign configured like another, script and tabs included, without its channels.
 * @throws 404 NOT_FOUND, 409 CAMPAIGN_EXISTS
 */
export async function duplicate(ctx: Ctx<{ id: string; name: string }>): Promise<Campaign> {
  const { id, name } = ctx.params;
  const copy = rules.copyOf(await store.get(id), { name, newId, now: new Date() });
  return add(ctx, copy, async (copyId, session) => {
    await setScript(copyId, await getScript(id, session), session);
    await setTabs(copyId, await getTabs(id, session), session);
  });
}
