/** The script that guides a campaign's agents (F201). */
import { actions } from "../../contract.ts";
import { id, longText, optional, record, type Received } from "../../fields.ts";
import { version } from "../common.ts";

/** Characters of a script, as it is sent and as it is kept. */
export const longestScript = 50_000;

/** Rich text with variables; `version` is the campaign's. */
export type Script = Received<typeof Script>;
export const Script = { html: longText(longestScript), version };

export const scriptActions = actions({
  getScript: {
    rest: "GET /campaigns/:id/script",
    needs: "campaigns.read",
    says: "The campaign's script (F201), with its variables as they were written.",
    params: { id },
    returns: record(Script),
  },
  setScript: {
    rest: "PUT /campaigns/:id/script",
    needs: "campaigns.configure",
    guarded: "checked",
    says: "Sets the script, HTML that is kept without what could act; variables stand in its text.",
    params: { id, version: optional(version), html: longText(longestScript) },
    returns: record(Script),
  },
});

export const scriptEvents = { scriptSet: { id } };
