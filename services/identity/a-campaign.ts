/** A campaign as the neighbour of identity's tests describes it. */
import { CampaignOptions, type Campaign } from "#shared/contracts/campaigns.ts";

/** A campaign with the default options, and without anybody in it. */
export const campaignCalled = (id: string, timeZone: string): Campaign => ({
  id,
  name: `Campaign ${id}`,
  description: "",
  timeZone,
  language: "en",
  enabled: true,
  routingStrategy: "roundRobin",
  caseTypes: [],
  options: Object.fromEntries(
    Object.entries(CampaignOptions).map(([name, field]) => [name, field["default"]]),
  ) as Campaign["options"],
  channelIds: [],
  agents: [],
  supervisorIds: [],
  version: 1,
  createdAt: new Date(),
  updatedAt: new Date(),
});
