/** Calls, as a telephony connector tells of them (D21). */
import { actions } from "../../contract.ts";
import {
  id,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  word,
  type Received,
} from "../../fields.ts";

const longestSeconds = 7 * 86_400;

/** Where a recording is to be heard: never asked for by us. */
const address = word(/^https:\/\/[A-Za-z\d.:[\]-]+(?:[/?#][!-~]*)?$/, 2_000);

/** How a call stands. */
export type Call = Received<typeof Call>;
export const Call = {
  state: oneOf("ringing", "answered", "missed", "ended"),
  /** How long was talked; of a call that was answered. */
  durationSeconds: optional(whole(0, longestSeconds)),
  recordingUrl: optional(personal(address)),
};

export const callActions = actions({
  reportCall: {
    rest: "POST /channels/:id/calls",
    needs: "channels.receive",
    status: 200,
    says: "Tells how a call that was posted goes on: `ringing`, then `missed`, or `answered` and `ended` (D21). News that come late or again change nothing.",
    params: { id, externalId: text(200), ...Call },
    returns: record({ interactionId: id, call: record(Call) }),
  },
});
