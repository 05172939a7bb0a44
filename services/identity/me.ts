/** The signed-in user's own settings. */
import type { Caller } from "#shared/bus.ts";
import { permissionsOf } from "#shared/contracts/access.ts";
import { longestSignature } from "#shared/contracts/identity.ts";
import { invalidField, isRefusal, unauthorized } from "#shared/errors.ts";
import { shownHtml } from "#shared/html.rules.ts";
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { ownId } from "./own.ts";
import { changeOwn, preferencesOf, userOf, type Account } from "./users.rules.ts";
import { keepChange, madeBy } from "./users.ts";
import * as users from "./users.store.ts";

export const me: Pick<ActionHandlers<"identity">, "me" | "changeMe"> = {
  async me(ctx) {
    const account = await users.find(ownId(ctx));
    if (!account) throw unauthorized();
    return withPermissions(account);
  },

  async changeMe(ctx) {
    const id = ownId(ctx);
    const patch = { ...ctx.params, ...signatureOf(ctx.params) };
    if (patch.currentCampaignId) await requireOwnCampaign(ctx, patch.currentCampaignId);

    return write("identity", ctx, async (tx) => {
      const before = await users.get(id, tx.session);
      const after = changeOwn(before, patch, madeBy(ctx));
      await keepChange(tx, before, after);
      return withPermissions(after);
    });
  },
};

/**
 * Campaigns shows a user those that the user has a part in, an administrator all of them.
 * @throws 422 naming `currentCampaignId` for any other (F229)
 */
async function requireOwnCampaign(ctx: Caller, id: string): Promise<void> {
  await ctx.call("campaigns.get", { id }).catch((error: unknown) => {
    if (!isRefusal(error) || error.type !== "NOT_FOUND") throw error;
    throw invalidField("currentCampaignId", "must be a campaign that you have a part in");
  });
}

/**
 * The signature as it may be shown and sent (F167).
 * @throws 422 where it has become too long: what is special in HTML is written out
 */
function signatureOf({ signature }: { signature?: string | null }) {
  if (!signature) return {};
  const shown = shownHtml(signature);
  if (shown.length > longestSignature) {
    throw invalidField(
      "signature",
      `must have ${longestSignature} characters at most`,
      "stringMax",
    );
  }
  return { signature: shown };
}

const withPermissions = (account: Account) => ({
  ...userOf(account),
  preferences: preferencesOf(account),
  permissions: permissionsOf(account.role),
});
