/** What was said in a session, as a text for people (F137). */
import { actions } from "../../contract.ts";
import { id, longText, record, yesNo } from "../../fields.ts";
import { language } from "../common.ts";

/** Characters that a transcript has at most. */
export const longestTranscript = 400_000;

export const transcriptActions = actions({
  /**
   * The session of an interaction up to it: what came before it in its case, on its channel and in
   * its thread, oldest first. Of a long one the latest 500 interactions, as far as they fit;
   * `isComplete` says whether that was all. Whoever asks has checked who may read the case.
   */
  transcribe: {
    params: { interactionId: id, language },
    returns: record({ text: longText(longestTranscript), isComplete: yesNo }),
  },
});
