/** A chat of Ada's in a case, and neighbours who keep what they are asked; for tests of going on from it. */
import { buffer } from "node:stream/consumers";
import type { Readable } from "node:stream";
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { aCase, keep } from "./a-case.ts";
import casesService from "./cases.service.ts";
import { aCampaign, description, neighbours } from "./creation.samples.ts";

export const administrator = as("administrator");

interface Stored {
  name: string;
  content: string;
  uploadKey: string | undefined;
  by: string | undefined;
  claim?: { ownerId: string };
}

const filesInto = (files: Stored[]) =>
  standIn("files", {
    async store(ctx) {
      const { name, uploadKey, declaredType = "" } = ctx.params;
      const content = String(await buffer(ctx.stream as Readable));
      const before = files.findIndex((one) => one.uploadKey === uploadKey);
      const by = ctx.meta.actor?.id;
      const place = before < 0 ? files.push({ name, content, uploadKey, by }) - 1 : before;
      const id = `f${String(place)}`;
      return { id, name, contentType: declaredType, size: 1, sha256: "0", createdAt: new Date() };
    },
    claim({ params: { ids, ...claim } }) {
      for (const id of ids) {
        const file = files[Number(id.slice(1))];
        if (!file) throw notFound("file", id);
        if (file.claim && file.claim.ownerId !== claim.ownerId) {
          throw conflict("FILE_CLAIMED", "The file belongs to something else already");
        }
        file.claim = claim;
      }
    },
  });

const channelsWith = (found: ReadonlyMap<string, Interaction>) =>
  standIn("channels", {
    getInteraction({ params: { id } }) {
      const one = found.get(id);
      if (!one) throw notFound("interaction", id);
      return one;
    },
    transcribe: ({ params: { interactionId, language } }) => ({
      text: `${language}: what was said until ${interactionId}`,
      isComplete: true,
    }),
  });

/** Ada's message in a chat, which is in a case. */
const anInteraction = (campaignId: string) => ({
  ...{ id: newId(), channelId: "chat", campaignId, direction: "inbound" as const },
  ...{ kind: "message" as const, from: { type: "other" as const, value: "v7" } },
  ...{ attachments: [], state: "filed" as const, at: new Date(), caseId: newId() },
});

export async function start({ scopes = [] as CampaignScope[], campaign = aCampaign() } = {}) {
  const { customers, campaigns, identity } = neighbours({ campaigns: [campaign], scopes });
  const files: Stored[] = [];
  const interaction = anInteraction(campaign.id);
  const { caseId } = interaction;
  const found = new Map<string, Interaction>([[interaction.id, interaction]]);
  const bus = await startBus(
    casesService,
    standIn("customers", { ...customers, identify: unmerged }),
    standIn("campaigns", campaigns),
    standIn("identity", identity),
    channelsWith(found),
    filesInto(files),
  );
  const party = { customerId: "ada", campaignId: campaign.id, channelId: "chat" };
  await keep(aCase({ id: caseId, ...party, interactionCount: 3, status: "open" }));
  const create = (more: object = {}, by = administrator) =>
    bus.call("cases.create", { interactionId: interaction.id, description, ...more }, by);
  /** The files that were claimed for a case, once there is one. */
  const filesOf = (id: string) => {
    const claimed = files.filter(({ claim }) => claim?.ownerId === id);
    return claimed.length > 0 ? claimed : undefined;
  };
  return { bus, create, filesOf, found, interaction };
}
