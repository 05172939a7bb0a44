/** A campaign as the neighbour of identity's tests describes it. */
import { CampaignOptions, type Campaign } from "#shared/contracts/campaigns.ts";
import { CampaignSettings } from "#shared/contracts/campaigns/settings.ts";
import { checker } from "#shared/validation.ts";

/** A campaign with the default options, and without anybody in it. */
export const campaignCalled = (id: string, timeZone: string): Campaign => ({
  id,
  name: `Campaign ${id}`,
  description: "",
  timeZone,
  language: "en",
  enabled: true,
  archived: false,
  ...checker(CampaignSettings)({}),
  routingStrategy: "roundRobin",
  caseTypes: [],
  options: checker(CampaignOptions)({}),
  channelIds: [],
  agents: [],
  supervisorIds: [],
  version: 1,
  createdAt: new Date(),
  updatedAt: new Date(),
});
