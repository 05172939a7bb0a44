/** Signing in and out: sessions, access tokens and the refresh tokens that renew them. */
import { actorOf } from "#shared/actor.ts";
import { tooMany, unauthorized } from "#shared/errors.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { countedBy, network, waitSeconds, windowEnd, type Failures } from "./attempts.rules.ts";
import * as attempts from "./attempts.store.ts";
import { isPassword } from "./password.ts";
import { digestOf, newSecret, sealed, unsealed } from "./secrets.ts";
import * as sessions from "./sessions.store.ts";
import { accountOf, beginSession, endSession, signedIn } from "./sessions.ts";
import * as users from "./users.store.ts";

export const signingIn: Pick<ActionHandlers<"identity">, "signIn" | "refresh" | "signOut"> = {
  async signIn(ctx) {
    const { email, password } = ctx.params;
    const counters = countedBy(users.emailKey(email), ctx.meta.address);
    refuseTooMany(await attempts.failuresOf(counters), "before");

    const account = await users.findByEmail(email);
    const right = await isPassword(password, account?.passwordHash);
    if (!account || account.disabled || !right) {
      await countFailure(counters);
      throw unauthorized("The e-mail or the password is wrong");
    }
    // Others may have failed while this one was checked: of many at once, few get an answer.
    refuseTooMany(await attempts.failuresOf(counters), "before");
    return beginSession(account, ctx, "password");
  },

  /**
   * A refresh token works once. One that comes a second time was stolen, or its successor was:
   * the session ends for both (RFC 9700, 4.14). Tabs of one browser refresh at the same moment:
   * from the same network and for ten seconds the same successor is answered, until it is used.
   */
  async refresh(ctx) {
    const presented = ctx.params.refreshToken;
    const fresh = newSecret();
    const { address } = ctx.meta;
    const renewal = await sessions.renew(
      {
        digest: digestOf(presented),
        successor: { digest: digestOf(fresh), sealed: sealed(fresh, presented) },
        from: address && network(address),
      },
      new Date(),
    );
    if (renewal.outcome === "unknown") throw unauthorized();
    const good = await goodToken(renewal, presented, fresh);
    if (good && "session" in renewal) {
      return signedIn(await accountOf(renewal.session), renewal.session.id, good);
    }
    const { id, userId } = "session" in renewal ? renewal.session : renewal;
    await endSession(ctx, id, userId, "its refresh token was reused");
    throw unauthorized();
  },

  async signOut(ctx) {
    const { id, sessionId } = actorOf(ctx);
    if (!sessionId) throw unauthorized();
    await endSession(ctx, sessionId, id, "signed out");
  },
};

/** The token that a session goes on with; none where one is in wrong hands. */
async function goodToken(renewal: sessions.Renewal, presented: string, fresh: string) {
  if (renewal.outcome === "renewed") return fresh;
  if (renewal.outcome !== "shared") return undefined;
  const successor = unsealed(renewal.sealed, presented);
  return (await sessions.isUnused(digestOf(successor))) ? successor : undefined;
}

/** @throws 429 when it is one too many */
export async function countFailure(counters: readonly string[]): Promise<void> {
  const now = new Date();
  refuseTooMany(await attempts.countFailure(counters, now, windowEnd(now)), "failed");
}

/** @throws 429 TOO_MANY_REQUESTS */
export function refuseTooMany(failures: readonly Failures[], when: "before" | "failed"): void {
  const seconds = waitSeconds(failures, new Date(), when === "before");
  if (seconds > 0) throw tooMany(seconds);
}
