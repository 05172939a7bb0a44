/** Who holds a token or a key. Asked for on every request, so each answer is one indexed read each. */
import { permissionsOf } from "#shared/contracts/access.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { unauthorized } from "#shared/errors.ts";
import { bearerOf } from "./access-token.ts";
import * as keys from "./channel-keys.store.ts";
import { noteLife } from "./connections.ts";
import { digestOf, keyPrefix } from "./secrets.ts";
import * as sessions from "./sessions.store.ts";
import * as users from "./users.store.ts";

/**
 * The user of an access token, or the connector of a channel key.
 * @param quietly whether this is no sign of life of the user
 * @throws 401 UNAUTHORIZED, the same whatever is wrong with it
 */
export async function verify(token: string, quietly = false): Promise<Actor> {
  const actor = token.startsWith(keyPrefix)
    ? await connectorOf(token)
    : await userOf(token, quietly);
  if (!actor) throw unauthorized("The credentials are not valid");
  return actor;
}

async function connectorOf(key: string): Promise<Actor | undefined> {
  const kept = await keys.findByDigest(digestOf(key));
  return (
    kept && {
      kind: "connector",
      id: kept.id,
      channelId: kept.channelId,
      permissions: permissionsOf("connector"),
    }
  );
}

async function userOf(token: string, quietly: boolean): Promise<Actor | undefined> {
  const bearer = await bearerOf(token);
  if (!bearer) return undefined;
  const { userId, sessionId } = bearer;
  const [session, account] = await Promise.all([
    sessions.find(sessionId, new Date()),
    users.find(userId),
  ]);
  const holds = session?.userId === userId && account?.epoch === session.epoch && !account.disabled;
  if (!holds) return undefined;
  if (!quietly) noteLife(bearer);
  const { id, name, role } = account;
  return { kind: "user", id, name, role, permissions: permissionsOf(role), sessionId };
}
