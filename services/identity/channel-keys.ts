/** The keys by which connectors post to their channel. */
import { actorOf } from "#shared/actor.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { freePlace } from "./channel-keys.rules.ts";
import * as keys from "./channel-keys.store.ts";
import { forget } from "./forget.ts";
import { digestOf, keyPrefix, newSecret } from "./secrets.ts";

export const channelKeys: Pick<
  ActionHandlers<"identity">,
  "createChannelKey" | "listChannelKeys" | "revokeChannelKey"
> = {
  /** The key is answered once and kept nowhere: a repeat of the command learns only that it was. */
  async createChannelKey(ctx) {
    const { channelId } = ctx.params;
    const createdBy = actorOf(ctx).id;
    const [id, key] = [newId(), newSecret(keyPrefix)];
    const made = await write("identity", ctx, async ({ session, announce }) => {
      const place = freePlace(await keys.ofChannel(channelId, session));
      const createdAt = new Date();
      await keys.add(
        { id, channelId, place, digest: digestOf(key), createdAt, createdBy },
        session,
      );
      announce({
        event: "identity.channelKeyCreated",
        aggregate: { kind: "channelKey", id, version: 1 },
        changes: [{ field: "channelId", old: null, new: channelId }],
        data: { id, channelId },
      });
      return { id };
    });
    if (made.id !== id) {
      throw conflict(
        "KEY_SHOWN",
        "This request has made its key already; a key is shown once",
        made,
      );
    }
    return { id, key };
  },

  async listChannelKeys(ctx) {
    const active = await keys.ofChannel(ctx.params.channelId);
    return active.map(({ digest: _digest, place: _place, ...key }) => key);
  },

  async revokeChannelKey(ctx) {
    const { id, channelId } = ctx.params;
    await write("identity", ctx, async ({ session, announce }) => {
      if (!(await keys.remove(id, channelId, session))) throw notFound("key", id);
      announce({
        event: "identity.channelKeyRevoked",
        aggregate: { kind: "channelKey", id, version: 2 },
        changes: [{ field: "channelId", old: channelId, new: null }],
        data: { id, channelId },
      });
    });
    forget(ctx.broker, { keyId: id });
  },
};
