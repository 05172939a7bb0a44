/** The action by which a telephony connector tells how its calls go on (D21). */
import { changesBetween } from "#shared/changes.rules.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { write } from "#shared/mongo/write.ts";
import * as rules from "./calls.rules.ts";
import * as store from "./calls.store.ts";

type Asked = Ctx<Request<Contracts["channels"]["actions"]["reportCall"]>>;

export const calls = {
  /**
   * Takes news of a call; the same again, or late, is as once. It may come before the call has a case.
   * @throws 404 NOT_FOUND; 409 ILLEGAL_TRANSITION; 422 at `durationSeconds`
   */
  async reportCall(ctx: Asked) {
    const { id: channelId, externalId, ...told } = ctx.params;

    return write("channels", ctx, async (tx) => {
      const found = await store.getCall({ channelId, externalId }, tx.session);
      const { id, campaignId, caseId, call: before } = found;
      const call = rules.progressed(before, told);
      if (call === before) return { interactionId: id, call };

      await store.keepCall(id, call, tx.session);
      tx.announce({
        event: "interactions.callChanged",
        aggregate: { kind: "interaction", id, version: 1 },
        ...(caseId ? { key: caseId } : {}),
        changes: changesBetween({ call: before }, { call }),
        data: { id, channelId, campaignId, state: call.state, ...(caseId ? { caseId } : {}) },
      });
      return { interactionId: id, call };
    });
  },
};
