/** The conversation of a case. */
import { actions } from "../../contract.ts";
import { id, optional } from "../../fields.ts";
import { page, paging } from "../common.ts";
import { Interaction } from "../interactions.ts";

export const conversationActions = actions({
  conversation: {
    rest: "GET /cases/:id/conversation",
    needs: "cases.read",
    says: "The case's interactions in order of `seq` (F138-F140, F143).",
    params: { id, ...paging, channelId: optional(id) },
    returns: page(Interaction),
  },
});
