/** A forgotten password: asked for by anybody, replaced by who reads the user's e-mail. */
import type { Actor } from "#shared/contracts/common.ts";
import { config } from "#shared/config.ts";
import { notFound } from "#shared/errors.ts";
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { countedBy, resetsCountedBy } from "./attempts.rules.ts";
import * as attempts from "./attempts.store.ts";
import { forget } from "./forget.ts";
import { hashPassword } from "./password.ts";
import { goodForMinutes, letterFor } from "./password-reset.rules.ts";
import * as resets from "./password-reset.store.ts";
import { digestOf, newSecret } from "./secrets.ts";
import { countFailure } from "./sign-in.ts";
import { withPassword, type Account } from "./users.rules.ts";
import { keepChange } from "./users.ts";
import * as users from "./users.store.ts";

export const passwordReset: Pick<
  ActionHandlers<"identity">,
  "requestPasswordReset" | "composePasswordReset" | "resetPassword"
> = {
  /**
   * Nobody learns here whether there is such a user, neither by the answer nor by the time it takes:
   * that is looked up when the e-mail is made.
   */
  async requestPasswordReset(ctx) {
    const { email } = ctx.params;
    await countFailure(resetsCountedBy(users.emailKey(email), ctx.meta.address));
    await ctx.call("notifications.queueMail", { kind: "passwordReset", to: email });
  },

  /** Asked for by the one worker that sends e-mails, when it is about to. */
  async composePasswordReset({ params: { to } }) {
    const account = await users.findByEmail(to);
    if (!account || account.disabled) return null;
    const token = newSecret();
    const expiresAt = new Date(Date.now() + goodForMinutes * 60_000);
    const { id: userId, epoch } = account;
    await resets.add(digestOf(token), { userId, epoch, expiresAt });
    const page = config().PASSWORD_RESET_URL;
    return { to: account.email, ...letterFor({ user: account, token, page }) };
  },

  async resetPassword(ctx) {
    const { token, newPassword } = ctx.params;
    const digest = digestOf(token);
    const reset = await resets.find(digest, new Date());
    if (!reset) throw unknown();
    const { id, emailKey } = await holderOf(reset);
    const hash = await hashPassword(newPassword);

    await write("identity", { meta: { ...ctx.meta, actor: userActor(id) } }, async (tx) => {
      const before = await users.get(id, tx.session);
      const now = new Date();
      const isGood = (await resets.use(digest, now, tx.session)) && holds(before, reset);
      if (!isGood) throw unknown();
      await keepChange(tx, before, withPassword(before, hash, { by: id, at: now }));
    });
    forget(ctx.broker, { userId: id });
    await attempts.clear(countedBy(emailKey, undefined));
  },
};

interface Given {
  userId: string;
  epoch: number;
}

async function holderOf(reset: Given): Promise<{ id: string; emailKey: string }> {
  const account = await users.find(reset.userId);
  if (!account || !holds(account, reset)) throw unknown();
  return { id: account.id, emailKey: users.emailKey(account.email) };
}

const holds = ({ disabled, epoch }: Account, given: Given): boolean =>
  !disabled && epoch === given.epoch;

const userActor = (id: string): Actor => ({ kind: "user", id, permissions: [] });

/** Unknown, used, too old, of a disabled user: all alike. */
const unknown = () => notFound("password reset", "");
