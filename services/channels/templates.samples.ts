/** Templates of messages for tests: channels beside campaigns that exist, or do not. */
import type { Contracts } from "#shared/bus.ts";
import type { Sent } from "#shared/fields.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import channels from "./channels.service.ts";

type Actions = Contracts["channels"]["actions"];
export type NewTemplate = Sent<Actions["createTemplate"]["params"]>;
export type TemplateChange = Omit<Sent<Actions["changeTemplate"]["params"]>, "id" | "version">;

export const administrator = as("administrator");

/** The channels service, where every campaign is there whose id does not begin with "no". */
export async function startTemplates() {
  const bus = await startBus(
    channels,
    standIn("campaigns", {
      describe: ({ params: { id } }) => aCampaign(id),
      addChannel: () => undefined,
      namesOf: ({ params: { ids } }) =>
        ids.filter((id) => !id.startsWith("no")).map((id) => ({ id, name: id })),
    }),
  );
  const aChannel = (type: "email" | "sms", campaignId = newId()) =>
    bus.call(
      "channels.create",
      { name: newId(), type, direction: "both", campaignId },
      administrator,
    );
  const create = (said: Partial<NewTemplate> = {}) =>
    bus.call(
      "channels.createTemplate",
      { name: `Hello ${newId()}`, channelType: "email", text: "Hello", ...said },
      administrator,
    );
  const change = (id: string, version: number, said: TemplateChange) =>
    bus.call("channels.changeTemplate", { id, version, ...said }, administrator);
  const aCategory = (name = newId()) =>
    bus.call("channels.createTemplateCategory", { name }, administrator);
  return { bus, aChannel, create, change, aCategory };
}

export const refusedAt = (path: string, code?: string) => ({
  code: 422,
  type: "VALIDATION_ERROR",
  data: { errors: [{ path, ...(code ? { code } : {}) }] },
});
