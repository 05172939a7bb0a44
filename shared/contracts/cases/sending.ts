/** What channels asks of cases when a user sends something from one (F146, F160). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  optional,
  personal,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "../../fields.ts";
import { number } from "./for-neighbours.ts";

/** A message or call that is sent from a case. */
export type SentFiling = Received<typeof SentFiling>;
const SentFiling = {
  interactionId: id,
  caseId: id,
  channelId: id,
  /** The campaign that messages of the channel come into. */
  channelCampaignId: id,
  author: id,
  at: instant,
  preview: personal(text(200, 0)),
  /** It goes to the case's own customer, by a channel without threads: the answer belongs here (D01). */
  takesAnswers: yesNo,
};

/** Where it stands. */
export type SentFiled = Received<typeof SentFiled>;
const SentFiled = {
  caseId: id,
  number,
  seq: whole(1, 1_000_000_000),
  customerId: id,
  campaignId: id,
};

export const sendingActions = actions({
  /**
   * The case that the user who asks may send from. 403 READ_ONLY, 404, 409 CASE_CLOSED; 308 where
   * it was merged.
   */
  sendable: {
    params: { id },
    returns: record({
      ...{ id, number, campaignId: id, customerId: id },
      subject: optional(personal(text(500, 0))),
      /** Cases that were merged into it. */
      formerIds: optional(list(id, 100)),
    }),
  },
  /**
   * Gives what a user sends its place in the conversation, clears the draft of it and opens a new
   * case. Twice is as once. 409 CASE_CLOSED.
   */
  fileSent: { params: SentFiling, returns: record(SentFiled) },
});
