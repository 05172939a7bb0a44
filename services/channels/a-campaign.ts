/** Campaigns for the tests of channels, as the campaigns service describes them. */
import { CampaignOptions, type Campaign } from "#shared/contracts/campaigns.ts";
import { CampaignSettings } from "#shared/contracts/campaigns/settings.ts";
import { checker } from "#shared/validation.ts";

/** A campaign of which only what matters to channels is said. */
export const aCampaign = (id: string, channelIds: string[] = []): Campaign => ({
  id,
  name: "Sales",
  description: "",
  timeZone: "UTC",
  language: "en",
  enabled: true,
  archived: false,
  ...checker(CampaignSettings)({}),
  routingStrategy: "roundRobin",
  caseTypes: [],
  options: checker(CampaignOptions)({}),
  channelIds,
  agents: [],
  supervisorIds: [],
  version: 1,
  createdAt: new Date(),
  updatedAt: new Date(),
});
