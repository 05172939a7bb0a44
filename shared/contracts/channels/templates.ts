/** Templates of messages, which administrators prepare and users load into theirs (F152, F165, G15). */
import { actions } from "../../contract.ts";
import {
  email,
  id,
  list,
  longText,
  nullable,
  optional,
  partial,
  record,
  text,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";
import { page, paging, trail, version } from "../common.ts";
import { categoryActions, categoryEvents, TemplateCategory } from "./template-categories.ts";
import { channelType } from "./types.ts";

/** Characters of a template's HTML, as it is sent and as it is kept. */
export const longestHtml = 50_000;
/** Beside the one who is written to: a message has 20 recipients at most. */
export const mostCopies = 19;

/** Which channels, or campaigns, it is for; missing: all, of its type. */
const some = optional(nullable(list(id, 200, 1)));

const place = {
  name: text(120),
  categoryId: optional(nullable(id)),
  channelIds: some,
  campaignIds: some,
  /** A disabled one is offered to nobody. */
  enabled: withDefault(yesNo, true),
  /** One line with variables; of channels whose messages have a subject. */
  subject: optional(nullable(text(500))),
  /** Of channels whose messages go to others as well, such as e-mail. */
  cc: withDefault(list(email, mostCopies), []),
  bcc: withDefault(list(email, mostCopies), []),
};

const body = {
  /** Plain text with variables. */
  text: withDefault(longText(20_000), ""),
  /** Sanitised, with variables in its text; of channels whose messages may be HTML. */
  html: optional(nullable(longText(longestHtml))),
};

export type Template = Received<typeof Template>;
export const Template = { id, channelType, ...place, ...body, ...trail };

/** What an administrator says of a template. */
export type TemplateFacts = Received<typeof TemplateFacts>;
const TemplateFacts = { ...place, ...body };

/** A template in a list: without what it says. */
export type TemplateSummary = Received<typeof TemplateSummary>;
export const TemplateSummary = { id, channelType, ...place, ...trail };

/** What templates are narrowed by wherever they are listed. */
export const templateFilters = {
  ...paging,
  categoryId: optional(id),
  /** Those for this channel: of its type, and for all of them or this one. */
  channelId: optional(id),
  q: optional(text(100)),
};

/** Which case a template is for. */
const purpose = { campaignId: id, channelId: optional(id) };

export const templateActions = actions({
  createTemplate: {
    rest: "POST /templates",
    needs: "templates.configure",
    says: "Creates a template of messages for a type of channels (F165, G15); an unknown variable is refused.",
    params: { channelType, ...TemplateFacts },
    returns: record(Template),
  },
  listTemplates: {
    rest: "GET /templates",
    needs: "templates.configure",
    says: "All templates, by name, without what they say.",
    params: {
      ...templateFilters,
      channelType: optional(channelType),
      campaignId: optional(id),
      enabled: optional(yesNo),
    },
    returns: page(TemplateSummary),
  },
  getTemplate: {
    rest: "GET /templates/:id",
    needs: "templates.configure",
    says: "One template, with its variables as they were written.",
    params: { id },
    returns: record(Template),
  },
  changeTemplate: {
    rest: "PATCH /templates/:id",
    needs: "templates.configure",
    guarded: "required",
    says: "Changes, disables or enables a template; it stays one of its type of channels.",
    params: { id, version, ...partial(TemplateFacts) },
    returns: record(Template),
  },
  deleteTemplate: {
    rest: "DELETE /templates/:id",
    needs: "templates.configure",
    status: 204,
    says: "Removes a template; messages that were written from it stay as they are.",
    params: { id },
  },
  duplicateTemplate: {
    rest: "POST /templates/:id/duplicate",
    needs: "templates.configure",
    says: "A new template that says the same under another name.",
    params: { id, name: text(120) },
    returns: record(Template),
  },
  /** The enabled templates for cases of a campaign; whoever asks has checked the case. */
  offerTemplates: {
    params: { ...templateFilters, ...purpose },
    returns: page(TemplateSummary),
  },
  /** One of these. 404 for any other. */
  offeredTemplate: { params: { id, ...purpose }, returns: record(Template) },
  ...categoryActions,
});

export const templateEvents = {
  templateCreated: { id, channelType },
  templateChanged: { id, channelType },
  templateDeleted: { id, channelType },
  ...categoryEvents,
};

export const templateAggregates = { template: Template, templateCategory: TemplateCategory };
