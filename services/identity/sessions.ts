/** Sessions: how they begin and end, and the list of one's own. */
import { actorOf } from "#shared/actor.ts";
import type { Meta } from "#shared/bus.ts";
import type { OwnSession } from "#shared/contracts/identity/sessions.ts";
import type { SignedIn } from "#shared/contracts/identity.ts";
import { notFound, unauthorized } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { goodForSeconds, newAccessToken } from "./access-token.ts";
import { connect } from "./connections.ts";
import { forget, type Broadcaster } from "./forget.ts";
import { ownId } from "./own.ts";
import { digestOf, newSecret } from "./secrets.ts";
import * as store from "./sessions.store.ts";
import { userOf, type Account } from "./users.rules.ts";
import * as users from "./users.store.ts";

export const ownSessions: Pick<ActionHandlers<"identity">, "listMySessions" | "endMySession"> = {
  async listMySessions(ctx) {
    const { id: userId, epoch } = await users.get(ownId(ctx));
    const { sessionId } = actorOf(ctx);
    const found = await store.page({ userId, epoch }, ctx.params, new Date());
    return { ...found, items: found.items.map((one) => shown(one, sessionId)) };
  },

  async endMySession(ctx) {
    const { id } = ctx.params;
    if (!(await endSession(ctx, id, ownId(ctx), "ended by the user"))) {
      throw notFound("session", id);
    }
  },
};

const shown = (session: store.Session, current: string | undefined): OwnSession => {
  const { id, createdAt, refreshedAt = createdAt, expiresAt, by = "password", address } = session;
  const isCurrent = id === current;
  return { id, createdAt, refreshedAt, expiresAt, by, isCurrent, ...(address && { address }) };
};

/** Begins a session of a user who has proved to be that user. */
export async function beginSession(
  account: Account,
  { meta: { address } }: { meta: Meta },
  by: OwnSession["by"],
): Promise<SignedIn> {
  const sessionId = newId();
  const refreshToken = newSecret();
  const { id: userId, epoch } = account;
  const session = { id: sessionId, userId, epoch, by, ...(address && { address }) };
  await store.begin(session, digestOf(refreshToken), new Date());
  await connect({ userId, sessionId });
  return signedIn(account, sessionId, refreshToken);
}

/** The user of a session with what to go on with. */
export const signedIn = async (
  account: Account,
  sessionId: string,
  refreshToken: string,
): Promise<SignedIn> => ({
  accessToken: await newAccessToken({ userId: account.id, sessionId }),
  refreshToken,
  expiresIn: goodForSeconds,
  user: userOf(account),
});

/** The user of a session, as long as both go on. */
export async function accountOf({ userId, epoch }: store.Session): Promise<Account> {
  const account = await users.find(userId);
  if (!account || account.disabled || account.epoch !== epoch) throw unauthorized();
  return account;
}

/** Ends a session of a user and tells of it; answers whether it still went on. */
export async function endSession(
  { broker, meta }: { broker: Broadcaster; meta: Meta },
  sessionId: string,
  userId: string,
  why: string,
): Promise<boolean> {
  const { commandId: _unused, ...cause } = meta;
  const ended = await write("identity", { meta: cause }, async ({ session, announce }) => {
    if (!(await store.end(sessionId, userId, session))) return false;
    announce({
      event: "identity.sessionsRevoked",
      aggregate: { kind: "session", id: sessionId, version: 2 },
      key: userId,
      changes: [{ field: "ended", old: null, new: why }],
      data: { userId },
    });
    return true;
  });
  forget(broker, { sessionId });
  return ended;
}
