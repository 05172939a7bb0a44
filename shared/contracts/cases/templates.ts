/** Templates of messages in a case: those that fit it, and one filled in for it (F152, G15). */
import { actions } from "../../contract.ts";
import { email, id, list, longText, optional, record, text, type Received } from "../../fields.ts";
import { Template, templateFilters, TemplateSummary } from "../channels/templates.ts";
import { page } from "../common.ts";

/** A template filled in for a case: what is loaded into the message. */
export type FilledTemplate = Received<typeof FilledTemplate>;
const FilledTemplate = {
  templateId: id,
  name: Template.name,
  channelType: Template.channelType,
  subject: optional(text(500, 0)),
  text: longText(100_000),
  html: optional(longText(250_000)),
  cc: list(email, 19),
  bcc: list(email, 19),
  /** The variables that had nothing to say. */
  empty: list(text(60), 50),
};

const place = { id, channelId: templateFilters.channelId };

export const caseTemplateActions = actions({
  listTemplates: {
    rest: "GET /cases/:id/templates",
    needs: "templates.read",
    says: "The templates for messages of this case, by name: those of its campaign, with `channelId` for that channel (F152, F165). Not of a case that may only be read.",
    params: { ...place, ...templateFilters },
    returns: page(TemplateSummary),
  },
  fillTemplate: {
    rest: "GET /cases/:id/templates/:templateId",
    needs: "templates.read",
    says: "A template with the variables of this case, its customer, its account and the user filled in, to be loaded into the message (F152, G15).",
    params: { ...place, templateId: id },
    returns: record(FilledTemplate),
  },
});
