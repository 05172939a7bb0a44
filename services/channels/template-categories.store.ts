/** Where the categories of templates are kept (F166). */
import type { ClientSession } from "mongodb";
import {
  mostCategories,
  TemplateCategory,
} from "#shared/contracts/channels/template-categories.ts";
import { conflict, invalidField, notFound } from "#shared/errors.ts";
import { text, whole, type Received } from "#shared/fields.ts";
import { collection, entityOf, isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";
import { nameKey } from "#shared/names.rules.ts";

type KeptCategory = Received<typeof KeptCategory>;
const KeptCategory = {
  ...TemplateCategory,
  /** The name as it is compared and sorted. */
  nameKey: text(4_000),
  /** How often templates chose it: so that a choice and its removal meet. */
  choices: whole(0, 1_000_000_000),
};

const categories = collection("channels", "templateCategories", KeptCategory, [
  { key: { nameKey: 1 }, unique: true },
]);

const categoryOf = (kept: Kept<KeptCategory>): TemplateCategory => {
  const { nameKey: _key, choices: _choices, ...category } = entityOf<KeptCategory>(kept);
  return category;
};

/** All, by name. */
export async function list(): Promise<TemplateCategory[]> {
  const rows = categories.native().find({}).sort({ nameKey: 1 }).limit(mostCategories);
  return (await rows.toArray()).map(categoryOf);
}

/** @throws 404 NOT_FOUND */
export async function get(id: string, session: ClientSession): Promise<TemplateCategory> {
  const row = await categories.native().findOne({ _id: id }, { session });
  if (!row) throw notFound("template category", id);
  return categoryOf(row);
}

/**
 * Chooses a category for a template in this transaction: until it ends nobody removes it.
 * @throws 422 at `categoryId` where there is none
 */
export async function choose(id: string, session: ClientSession): Promise<void> {
  const { matchedCount } = await categories
    .native()
    .updateOne({ _id: id }, { $inc: { choices: 1 } }, { session });
  if (matchedCount === 0) throw invalidField("categoryId", "is not a category", "unknown");
}

/** @throws 409 TEMPLATE_CATEGORY_EXISTS with `existingId`; TOO_MANY_TEMPLATE_CATEGORIES */
export async function add(category: TemplateCategory, session: ClientSession): Promise<void> {
  await requireName(category, session);
  if ((await categories.native().countDocuments({}, { session })) >= mostCategories) {
    throw conflict("TOO_MANY_TEMPLATE_CATEGORIES", "There are too many categories", {
      limit: mostCategories,
    });
  }
  const kept = { ...keptOf<TemplateCategory>(category), nameKey: nameKey(category.name) };
  await categories.native().insertOne({ ...kept, choices: 0 }, { session });
}

/** @throws 409 TEMPLATE_CATEGORY_EXISTS with `existingId` where another has the name */
export async function replace(category: TemplateCategory, session: ClientSession): Promise<void> {
  await requireName(category, session);
  const { _id, ...fields } = keptOf<TemplateCategory>(category);
  const set = { ...fields, nameKey: nameKey(category.name) };
  await categories.native().updateOne({ _id }, { $set: set }, { session });
}

export async function remove(id: string, session: ClientSession): Promise<void> {
  await categories.native().deleteOne({ _id: id }, { session });
}

async function requireName({ id, name }: TemplateCategory, session: ClientSession): Promise<void> {
  const there = await categories.native().findOne({ nameKey: nameKey(name) }, { session });
  if (there && there._id !== id) throw nameTaken(there._id);
}

/** The same refusal where two took a name at once; otherwise what was thrown. */
export async function asNameTaken(error: unknown): Promise<unknown> {
  if (!isDuplicate(error, "nameKey")) return error;
  const { keyValue } = error as { keyValue: { nameKey: string } };
  const there = await categories.native().findOne({ nameKey: keyValue.nameKey });
  return nameTaken(there?._id);
}

const nameTaken = (existingId: string | undefined) =>
  conflict("TEMPLATE_CATEGORY_EXISTS", "There is a category of this name", { existingId });
