/** The signed-in user's own settings. */
import { actorOf } from "#shared/actor.ts";
import type { Meta } from "#shared/bus.ts";
import { permissionsOf } from "#shared/contracts/access.ts";
import { forbidden, unauthorized } from "#shared/errors.ts";
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { changeOwn, userOf, type Account } from "./users.rules.ts";
import { keepChange, madeBy } from "./users.ts";
import * as users from "./users.store.ts";

export const me: Pick<ActionHandlers<"identity">, "me" | "changeMe"> = {
  async me(ctx) {
    const account = await users.find(ownId(ctx));
    if (!account) throw unauthorized();
    return withPermissions(account);
  },

  /** The current campaign must be one that the user may see (F229): campaigns refuses others. */
  async changeMe(ctx) {
    const id = ownId(ctx);
    const { currentCampaignId } = ctx.params;
    if (currentCampaignId) await ctx.call("campaigns.get", { id: currentCampaignId });

    return write("identity", ctx, async (tx) => {
      const before = await users.get(id, tx.session);
      const after = changeOwn(before, ctx.params, madeBy(ctx));
      await keepChange(tx, before, after);
      return withPermissions(after);
    });
  },
};

/** Connectors hold a key, but they are nobody's own self. */
function ownId(ctx: { meta: Meta }): string {
  const { id, kind } = actorOf(ctx);
  if (kind !== "user") throw forbidden("of a user");
  return id;
}

const withPermissions = (account: Account) => ({
  ...userOf(account),
  permissions: permissionsOf(account.role),
});
