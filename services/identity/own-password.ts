/** The signed-in user's own password. */
import { actorOf } from "#shared/actor.ts";
import { invalidField } from "#shared/errors.ts";
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { countedBy } from "./attempts.rules.ts";
import * as attempts from "./attempts.store.ts";
import { forget } from "./forget.ts";
import { ownId } from "./own.ts";
import { hashPassword, isPassword } from "./password.ts";
import * as sessions from "./sessions.store.ts";
import { countFailure, refuseTooMany } from "./sign-in.ts";
import { withPassword } from "./users.rules.ts";
import { keepChange, madeBy } from "./users.ts";
import * as users from "./users.store.ts";

export const ownPassword: Pick<ActionHandlers<"identity">, "changeMyPassword"> = {
  /** Whoever found an unlocked screen guesses no more often here than where one signs in. */
  async changeMyPassword(ctx) {
    const { currentPassword, newPassword } = ctx.params;
    const account = await users.get(ownId(ctx));
    const counters = countedBy(users.emailKey(account.email), ctx.meta.address);
    refuseTooMany(await attempts.failuresOf(counters), "before");
    if (!(await isPassword(currentPassword, account.passwordHash))) {
      await countFailure(counters);
      throw wrong();
    }
    const hash = await hashPassword(newPassword);
    const { sessionId } = actorOf(ctx);

    await write("identity", ctx, async (tx) => {
      const before = await users.get(account.id, tx.session);
      if (before.passwordHash !== account.passwordHash) throw wrong();
      const after = withPassword(before, hash, madeBy(ctx));
      await keepChange(tx, before, after);
      if (sessionId) await sessions.carryOver(sessionId, after.epoch, tx.session);
    });
    forget(ctx.broker, { userId: account.id });
  },
};

const wrong = () => invalidField("currentPassword", "is not the current password", "wrong");
