/** Campaigns for tests, as the campaigns service describes them to its neighbours. */
import { CampaignOptions, type Campaign } from "../contracts/campaigns.ts";
import { CampaignSettings } from "../contracts/campaigns/settings.ts";
import { checker } from "../validation.ts";

/** A campaign with the default options and nobody in it, of which only what matters is said. */
export const aCampaign = (id: string, said: Partial<Campaign> = {}): Campaign => ({
  id,
  name: `Campaign ${id}`,
  description: "",
  timeZone: "UTC",
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
  ...said,
});
