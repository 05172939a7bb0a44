/** Campaigns: the scope of channels, agents, supervisors and options (A25). */
import { contract } from "../contract.ts";
import {
  id,
  instant,
  list,
  longText,
  nullable,
  oneOf,
  optional,
  partial,
  record,
  text,
  whole,
  withDefault,
  word,
  yesNo,
  type Received,
} from "../fields.ts";
import { ActivityForm, formActions, formEvents } from "./campaigns/forms.ts";
import { CampaignOptions, routingStrategy } from "./campaigns/options.ts";
import { Script, scriptActions, scriptEvents } from "./campaigns/script.ts";
import { CampaignSettings, ExternalView, settingsActions } from "./campaigns/settings.ts";
import { Tab, tabActions, tabEvents } from "./campaigns/tabs.ts";
import { language, page, paging, trail, version } from "./common.ts";
import { announcerActions } from "./privacy.ts";

export { CampaignOptions };

export type RoutingStrategy = Campaign["routingStrategy"];

export type CaseType = Received<typeof CaseType>;
export const CaseType = { id, name: text(80) };

export type CampaignAgent = Received<typeof CampaignAgent>;
export const CampaignAgent = {
  userId: id,
  channelIds: list(id, 200),
  /** The share of cases under the strategy `weighted`, beside the others' (G06); left out: 1. */
  weight: optional(whole(1, 100)),
};

const basics = {
  name: text(120),
  description: withDefault(longText(5_000), ""),
  startsAt: optional(nullable(instant)),
  endsAt: optional(nullable(instant)),
  responsibleUserId: optional(nullable(id)),
  timeZone: withDefault(word(/^[A-Za-z0-9_+-]{1,32}(\/[A-Za-z0-9_+-]{1,32}){0,2}$/, 64), "UTC"),
  language: withDefault(language, "en"),
  enabled: withDefault(yesNo, true),
  routingStrategy: withDefault(routingStrategy, "roundRobin"),
};

export type Campaign = Received<typeof Campaign>;
export const Campaign = {
  id,
  ...basics,
  /** Put away: disabled, and changed no more until it is taken out again. */
  archived: yesNo,
  ...CampaignSettings,
  caseTypes: list(record(CaseType), 100),
  options: record(CampaignOptions),
  channelIds: list(id, 200),
  agents: list(record(CampaignAgent), 1_000),
  supervisorIds: list(id, 200),
  ...trail,
};

/** A campaign in a list. */
export type CampaignSummary = Received<typeof CampaignSummary>;
export const CampaignSummary = { id, ...basics, archived: yesNo, ...trail };

/**
 * A campaign as its reader may see it (F195). The configuration is whole for administrators only:
 * nobody else sees `externalView`, and agents see of the people only who works beside them, of the
 * channels their own.
 */
export type CampaignSeen = Received<typeof CampaignSeen>;
const CampaignSeen = {
  ...Campaign,
  externalView: optional(record(ExternalView)),
  agents: optional(Campaign.agents),
  supervisorIds: optional(Campaign.supervisorIds),
  /** For agents, in place of `agents`. */
  agentIds: optional(list(id, 1_000)),
};

/** What one user may see and do in one campaign (G04). */
export type CampaignScope = Received<typeof CampaignScope>;
export const CampaignScope = {
  campaignId: id,
  as: oneOf("supervisor", "agent"),
  channelIds: list(id, 200),
  agentsSeeAllCases: yesNo,
  showOtherCampaigns: yesNo,
  /** Only registered in its call queue, through a campaign that is linked to it (F208). */
  isLinked: optional(yesNo),
};

export const campaigns = contract({
  actions: {
    create: {
      rest: "POST /campaigns",
      needs: "campaigns.configure",
      says: "Creates a campaign (F195, G05) with the default options (D06).",
      params: {
        ...basics,
        ...CampaignSettings,
        externalView: optional(record(partial(ExternalView))),
        caseTypes: optional(list(record({ name: text(80) }), 100)),
        options: optional(record(partial(CampaignOptions))),
      },
      returns: record(Campaign),
    },
    list: {
      rest: "GET /campaigns",
      needs: "campaigns.read",
      says: "The campaigns that the user may see, by name; archived ones only when asked for.",
      params: {
        ...paging,
        q: optional(text(100)),
        enabled: optional(yesNo),
        archived: withDefault(yesNo, false),
      },
      returns: page(CampaignSummary),
    },
    get: {
      rest: "GET /campaigns/:id",
      needs: "campaigns.read",
      says: "One campaign: to administrators its whole configuration, to others what they need.",
      params: { id },
      returns: record(CampaignSeen),
    },
    change: {
      rest: "PATCH /campaigns/:id",
      needs: "campaigns.configure",
      guarded: "required",
      says: "Changes a campaign's basics (G05) and advanced configuration, or archives it.",
      params: {
        id,
        version,
        ...partial(basics),
        archived: optional(yesNo),
        ...partial(CampaignSettings),
        externalView: optional(record(partial(ExternalView))),
        caseTypes: optional(list(record({ id: optional(id), name: text(80) }), 100)),
      },
      returns: record(Campaign),
    },
    duplicate: {
      rest: "POST /campaigns/:id/duplicate",
      needs: "campaigns.configure",
      says: "A new campaign configured like this one, without its channels.",
      params: { id, name: text(120) },
      returns: record(Campaign),
    },
    setChannels: {
      rest: "PUT /campaigns/:id/channels",
      needs: "campaigns.configure",
      guarded: "checked",
      says: "Says which channels the campaign has (F197); the body is the list of channel ids.",
      params: { id, version: optional(version), items: list(id, 200) },
      returns: record(Campaign),
    },
    setAgents: {
      rest: "PUT /campaigns/:id/agents",
      needs: "campaigns.configure",
      guarded: "checked",
      says: "Says which agents work in the campaign and on which of its channels (F198).",
      params: { id, version: optional(version), items: list(record(CampaignAgent), 1_000) },
      returns: record(Campaign),
    },
    setSupervisors: {
      rest: "PUT /campaigns/:id/supervisors",
      needs: "campaigns.configure",
      guarded: "checked",
      says: "Says who supervises the campaign (F199); the body is the list of user ids.",
      params: { id, version: optional(version), items: list(id, 200) },
      returns: record(Campaign),
    },
    setOptions: {
      rest: "PUT /campaigns/:id/options",
      needs: "campaigns.configure",
      guarded: "checked",
      says: "Sets the campaign's options (F209); an option left out keeps its value.",
      params: { id, version: optional(version), ...partial(CampaignOptions) },
      returns: record(Campaign),
    },
    ...scriptActions,
    ...tabActions,
    ...formActions,
    /** The campaigns a user works in or supervises; an administrator's answer is empty. */
    scopesOf: {
      params: { userId: id },
      returns: list(record(CampaignScope), 1_000),
    },
    /** A campaign as other services need it to decide. 404 where there is none. */
    describe: { params: { id }, returns: record(Campaign) },
    /** Names of campaigns, for those who show them; unknown ids are left out. */
    namesOf: {
      params: { ids: list(id, 500) },
      returns: list(record({ id, name: text(120) }), 500),
    },
    /** The users who are agents in one of these campaigns, each once; 10,000 at most. */
    agentsOf: { params: { ids: list(id, 1_000) }, returns: list(id, 10_000) },
    ...settingsActions,
    /** Puts a new channel into its campaign; the same twice is as once. */
    addChannel: { params: { id, channelId: id } },
    ...announcerActions,
  },
  events: {
    created: { id },
    changed: { id, enabled: yesNo },
    channelsSet: { id, channelIds: list(id, 200), enabled: optional(yesNo) },
    agentsSet: { id, agents: list(record(CampaignAgent), 1_000) },
    supervisorsSet: { id, supervisorIds: list(id, 200) },
    optionsSet: { id, options: record(CampaignOptions) },
    ...scriptEvents,
    ...tabEvents,
    ...formEvents,
  },
  aggregates: {
    campaign: { ...Campaign, script: Script.html, tabs: list(record(Tab), 20) },
    activityForm: ActivityForm,
  },
});
