/** What a template may say, by what its type of channels can do, and whom it is for (G15). Pure. */
import type { Channel, ChannelCapabilities } from "#shared/contracts/channels.ts";
import {
  longestHtml,
  mostCopies,
  type Template,
  type TemplateFacts,
} from "#shared/contracts/channels/templates.ts";
import { invalid, invalidField, type FieldFault } from "#shared/errors.ts";
import { writtenHtml } from "#shared/html.rules.ts";
import { variablesFault, variablesFaultInHtml } from "#shared/variables.rules.ts";

/** When it was made or changed, and by whom. */
interface Stamp {
  at: Date;
  by: string;
}

/**
 * The first version of a template.
 * @throws 422 naming each field that cannot be
 */
export function created(
  { channelType, ...facts }: TemplateFacts & Pick<Template, "channelType">,
  can: ChannelCapabilities,
  { id, at, by }: Stamp & { id: string },
): Template {
  const trail = { version: 1, createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
  return checked({ id, channelType, ...facts, ...trail }, can);
}

type Patch = { [K in keyof TemplateFacts]?: TemplateFacts[K] | undefined };

/**
 * A template after a change; null clears, what is left out stays.
 * @throws 422 like `created`
 */
export function changed(
  current: Template,
  patch: Patch,
  can: ChannelCapabilities,
  { at, by }: Stamp,
): Template {
  const said = Object.fromEntries(
    Object.entries(patch).filter(([, value]) => value !== undefined),
  ) as Partial<Template>;
  const next = { ...current, ...said, version: current.version + 1 };
  return checked({ ...next, updatedAt: at, updatedBy: by }, can);
}

/** The same under another name. */
export const copied = (
  { version: _version, ...template }: Template,
  { id, name, at, by }: Stamp & { id: string; name: string },
): Template => ({
  ...{ ...template, id, name, version: 1 },
  ...{ createdAt: at, createdBy: by, updatedAt: at, updatedBy: by },
});

/** As it is kept: its HTML sanitised, without what is empty. */
function checked(template: Template, can: ChannelCapabilities): Template {
  const clean = cleaned(template);
  const faults = [...unfit(clean, can), ...unreadable(clean)];
  if (faults.length > 0) throw invalid(faults);
  return clean;
}

function cleaned({ html, ...template }: Template): Template {
  const written = html ? writtenHtml(html) : null;
  return Object.fromEntries(
    Object.entries({ ...template, html: written }).filter(
      ([name, value]) => value !== null && !(name === "html" && value === ""),
    ),
  ) as Template;
}

const fault = (path: string, message: string, code: string): FieldFault => ({
  ...{ path, message, code },
});

/** What messages of such channels cannot have, or not so much of. */
function unfit(template: Template, can: ChannelCapabilities): FieldFault[] {
  const { text, cc, bcc } = template;
  const copies = cc.length + bcc.length;
  return [
    ...lacking(template, can).map((path) =>
      fault(path, `messages of type ${can.type} have none`, "capability"),
    ),
    ...longer(text.length, can.maxLength, "text"),
    ...(copies > mostCopies
      ? [fault("bcc", `at most ${String(mostCopies)} copies, of both kinds`, "tooMany")]
      : []),
  ];
}

function lacking(
  template: Template,
  { subject, html, copies }: Pick<ChannelCapabilities, "subject" | "html" | "copies">,
): string[] {
  const can = { subject, html, cc: copies, bcc: copies };
  const fields = Object.keys(can) as (keyof typeof can)[];
  return fields.filter((field) => !can[field] && (template[field]?.length ?? 0) > 0);
}

/** What says nothing, has grown too long, or speaks of what nobody knows. */
function unreadable({ subject, text, html }: Template): FieldFault[] {
  const isBlank = text.trim() === "" && !html;
  return [
    ...(isBlank ? [fault("text", "must say something", "blank")] : []),
    ...longer(html?.length ?? 0, longestHtml, "html"),
    ...unknown("subject", variablesFault(subject ?? "")),
    ...unknown("text", variablesFault(text)),
    ...unknown("html", variablesFaultInHtml(html ?? "")),
  ];
}

const longer = (length: number, most: number, path: string): FieldFault[] =>
  length > most ? [fault(path, `must have at most ${String(most)} characters`, "stringMax")] : [];

const unknown = (path: string, message: string | undefined): FieldFault[] =>
  message ? [fault(path, message, "variable")] : [];

/** @throws 422 naming each of `channelIds` that is no channel of the template's type */
export function requireChannels(
  { channelIds, channelType }: Pick<Template, "channelIds" | "channelType">,
  found: readonly Pick<Channel, "id" | "type">[],
): void {
  const fitting = new Set(found.filter(({ type }) => type === channelType).map(({ id }) => id));
  const message = `is not a channel of type ${channelType}`;
  refuseOthers(channelIds ?? [], fitting, (place) => [`channelIds[${place}]`, message]);
}

/** @throws 422 naming each of `campaignIds` that is no campaign */
export function requireCampaigns(
  { campaignIds }: Pick<Template, "campaignIds">,
  found: readonly { id: string }[],
): void {
  const known = new Set(found.map(({ id }) => id));
  refuseOthers(campaignIds ?? [], known, (place) => [`campaignIds[${place}]`, "is no campaign"]);
}

function refuseOthers(
  ids: readonly string[],
  known: ReadonlySet<string>,
  said: (place: string) => [path: string, message: string],
): void {
  const faults = ids.flatMap((id, place) =>
    known.has(id) ? [] : [fault(...said(String(place)), "unknown")],
  );
  if (faults.length > 0) throw invalid(faults);
}

/** Whether a template is offered in cases of a campaign, for a channel if one is given. */
export const isOffered = (
  { enabled, campaignIds, channelIds, channelType }: Template,
  { campaignId, channel }: { campaignId: string; channel?: Pick<Channel, "id" | "type"> },
): boolean =>
  enabled &&
  isAmong(campaignIds, campaignId) &&
  (!channel || (channel.type === channelType && isAmong(channelIds, channel.id)));

const isAmong = (some: readonly string[] | null | undefined, id: string): boolean =>
  some?.includes(id) ?? true;

/** 422: templates are asked for a channel that there is not. */
export const noChannel = () => invalidField("channelId", "is not a channel", "unknown");
