/** Where templates of messages are kept (F165, G15). */
import type { ClientSession, Filter } from "mongodb";
import { Template, type TemplateSummary } from "#shared/contracts/channels/templates.ts";
import type { ChannelType } from "#shared/contracts/channels.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { text, type Received } from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";
import { nameKey, partOfName } from "#shared/names.rules.ts";

/** So few that a list may look through all of them by name. */
const mostTemplates = 2_000;

type KeptTemplate = Received<typeof KeptTemplate>;
const KeptTemplate = {
  ...Template,
  /** The name as it is compared, sorted and searched. */
  nameKey: text(4_000),
};

const templates = collection("channels", "templates", KeptTemplate, [
  { key: { channelType: 1, nameKey: 1 }, unique: true },
  { key: { nameKey: 1, _id: 1 } },
  { key: { categoryId: 1 }, partialFilterExpression: { categoryId: { $exists: true } } },
]);

const templateOf = <T extends TemplateSummary = Template>(kept: Kept<KeptTemplate>): T => {
  const { nameKey: _key, ...template } = entityOf<KeptTemplate>(kept);
  return template as TemplateSummary as T;
};

/** @throws 404 NOT_FOUND */
export async function get(id: string, session?: ClientSession): Promise<Template> {
  const row = await templates.native().findOne({ _id: id }, session ? { session } : undefined);
  if (!row) throw notFound("template", id);
  return templateOf(row);
}

/** What a list is narrowed by; a channel with its type. */
export interface TemplateSearch {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
  q?: string | undefined;
  categoryId?: string | undefined;
  channelType?: ChannelType | undefined;
  channelId?: string | undefined;
  campaignId?: string | undefined;
  enabled?: boolean | undefined;
}

/** By name, without what they say. */
export async function list({ limit, cursor, count, ...asked }: TemplateSearch) {
  const page = await findPage(templates.native(), {
    filter: filterOf(asked),
    sort: [
      ["nameKey", 1],
      ["_id", 1],
    ],
    without: ["text", "html"],
    ...{ limit, cursor, count },
  });
  return {
    ...page,
    items: page.items.map((row) => templateOf<TemplateSummary>(row)),
  } satisfies Page<TemplateSummary>;
}

type Asked = Omit<TemplateSearch, "limit" | "cursor" | "count">;

const filterOf = (asked: Asked): Filter<Kept<KeptTemplate>> => {
  const { q, categoryId, channelType, channelId, campaignId, enabled } = asked;
  return {
    $and: [
      ...(q ? [{ nameKey: partOfName(q) }] : []),
      ...(categoryId ? [{ categoryId }] : []),
      ...(channelType ? [{ channelType }] : []),
      ...(channelId ? [{ channelIds: { $in: [channelId, null] } }] : []),
      ...(campaignId ? [{ campaignIds: { $in: [campaignId, null] } }] : []),
      ...(enabled === undefined ? [] : [{ enabled }]),
      {},
    ],
  };
};

/** A template that is in a category, if there is one. */
export async function someOfCategory(
  categoryId: string,
  session: ClientSession,
): Promise<string | undefined> {
  const row = await templates.native().findOne({ categoryId }, { session, projection: { _id: 1 } });
  return row?._id;
}

/** @throws 409 TEMPLATE_EXISTS with `existingId`; TOO_MANY_TEMPLATES */
export async function add(template: Template, session: ClientSession): Promise<void> {
  await requireName(template, session);
  if ((await templates.native().countDocuments({}, { session })) >= mostTemplates) {
    throw conflict("TOO_MANY_TEMPLATES", "There are too many templates", { limit: mostTemplates });
  }
  const kept = { ...keptOf<Template>(template), nameKey: nameKey(template.name) };
  await templates.native().insertOne(kept, { session });
}

/** @throws 409 TEMPLATE_EXISTS with `existingId` where another of its type has the name */
export async function replace(template: Template, session: ClientSession): Promise<void> {
  await requireName(template, session);
  const { _id, ...fields } = keptOf<Template>(template);
  const row = { ...fields, nameKey: nameKey(template.name) };
  await templates.native().replaceOne({ _id }, row, { session });
}

export async function remove(id: string, session: ClientSession): Promise<void> {
  await templates.native().deleteOne({ _id: id }, { session });
}

async function requireName(template: Template, session: ClientSession): Promise<void> {
  const named = { channelType: template.channelType, nameKey: nameKey(template.name) };
  const there = await templates.native().findOne(named, { session });
  if (there && there._id !== template.id) throw nameTaken(there._id);
}

/** The same refusal where two took a name at once; otherwise what was thrown. */
export async function asNameTaken(error: unknown): Promise<unknown> {
  if (!isDuplicate(error, "nameKey")) return error;
  const { keyValue } = error as { keyValue: { channelType: ChannelType; nameKey: string } };
  const there = await templates.native().findOne(keyValue);
  return nameTaken(there?._id);
}

const nameTaken = (existingId: string | undefined) =>
  conflict("TEMPLATE_EXISTS", "There is a template of this name for this type of channels", {
    existingId,
  });
