/** Signing in and out: sessions, access tokens and the refresh tokens that renew them. */
import type { Meta } from "#shared/bus.ts";
import { actorOf } from "#shared/actor.ts";
import type { SignedIn } from "#shared/contracts/identity.ts";
import { tooMany, unauthorized } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { goodForSeconds, newAccessToken } from "./access-token.ts";
import { countedBy, waitSeconds, windowEnd, type Failures } from "./attempts.rules.ts";
import * as attempts from "./attempts.store.ts";
import { connect } from "./connections.ts";
import { forget, type Broadcaster } from "./forget.ts";
import { isPassword } from "./password.ts";
import { digestOf, newSecret } from "./secrets.ts";
import * as sessions from "./sessions.store.ts";
import { userOf, type Account } from "./users.rules.ts";
import * as users from "./users.store.ts";

export const signingIn: Pick<ActionHandlers<"identity">, "signIn" | "refresh" | "signOut"> = {
  async signIn(ctx) {
    const { email, password } = ctx.params;
    const counters = countedBy(users.emailKey(email), ctx.meta.address);
    refuseTooMany(await attempts.failuresOf(counters), "before");

    const account = await users.findByEmail(email);
    const right = await isPassword(password, account?.passwordHash);
    if (!account || account.disabled || !right) {
      const now = new Date();
      refuseTooMany(await attempts.countFailure(counters, now, windowEnd(now)), "failed");
      throw unauthorized("The e-mail or the password is wrong");
    }
    // Others may have failed while this one was checked: of many at once, few get an answer.
    refuseTooMany(await attempts.failuresOf(counters), "before");
    return beginSession(account);
  },

  /**
   * A refresh token works once. One that comes a second time was stolen, or its successor was:
   * the session ends for both (RFC 9700, 4.14). Two tabs must therefore refresh one after the other.
   */
  async refresh(ctx) {
    const refreshToken = newSecret();
    const renewal = await sessions.renew(
      digestOf(ctx.params.refreshToken),
      digestOf(refreshToken),
      new Date(),
    );
    if (renewal.outcome === "reused") {
      await endSession(ctx, renewal.sessionId, renewal.userId, "its refresh token was reused");
    }
    if (renewal.outcome !== "renewed") throw unauthorized();
    const { id, userId, epoch } = renewal.session;
    const account = await users.find(userId);
    if (!account || account.disabled || account.epoch !== epoch) throw unauthorized();
    return signedIn(account, id, refreshToken);
  },

  async signOut(ctx) {
    const { id, sessionId } = actorOf(ctx);
    if (!sessionId) throw unauthorized();
    await endSession(ctx, sessionId, id, "signed out");
  },
};

function refuseTooMany(failures: readonly Failures[], when: "before" | "failed"): void {
  const seconds = waitSeconds(failures, new Date(), when === "before");
  if (seconds > 0) throw tooMany(seconds);
}

async function beginSession(account: Account): Promise<SignedIn> {
  const sessionId = newId();
  const refreshToken = newSecret();
  const { id: userId, epoch } = account;
  await sessions.begin({ id: sessionId, userId, epoch }, digestOf(refreshToken), new Date());
  await connect({ userId, sessionId });
  return signedIn(account, sessionId, refreshToken);
}

const signedIn = async (
  account: Account,
  sessionId: string,
  refreshToken: string,
): Promise<SignedIn> => ({
  accessToken: await newAccessToken({ userId: account.id, sessionId }),
  refreshToken,
  expiresIn: goodForSeconds,
  user: userOf(account),
});

async function endSession(
  { broker, meta }: { broker: Broadcaster; meta: Meta },
  sessionId: string,
  userId: string,
  why: string,
): Promise<void> {
  const { commandId: _unused, ...cause } = meta;
  await write("identity", { meta: cause }, async ({ session, announce }) => {
    if (!(await sessions.end(sessionId, session))) return;
    announce({
      event: "identity.sessionsRevoked",
      aggregate: { kind: "session", id: sessionId, version: 2 },
      key: userId,
      changes: [{ field: "ended", old: null, new: why }],
      data: { userId },
    });
  });
  forget(broker, { sessionId });
}
