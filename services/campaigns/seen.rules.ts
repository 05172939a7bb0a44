/** What of a campaign somebody may see (F195): its configuration is for administrators. */
import type { Campaign, CampaignSeen } from "#shared/contracts/campaigns.ts";
import type { Actor } from "#shared/contracts/common.ts";

/**
 * A campaign as its reader needs it: administrators all; supervisors all but what the public is
 * shown; agents their own channels and who works beside them, to hand cases over.
 */
export function seenBy(campaign: Campaign, { kind, role, id }: Actor): CampaignSeen {
  if (kind === "system" || role === "administrator") return campaign;
  const { externalView: _view, ...supervised } = campaign;
  if (role === "supervisor") return supervised;
  const { agents, supervisorIds: _supervisors, ...worked } = supervised;
  const own = agents.find(({ userId }) => userId === id);
  return {
    ...worked,
    channelIds: own?.channelIds ?? [],
    agentIds: agents.map(({ userId }) => userId),
  };
}
