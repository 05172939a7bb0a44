/** Where activity forms are kept: each as it is, and as it was in every version (G16). */
import type { ClientSession } from "mongodb";
import { ActivityForm } from "#shared/contracts/campaigns/forms.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { id, text, whole, type Received } from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, isDuplicate, keptOf, type Kept } from "#shared/mongo/store.ts";
import { nameKey, partOfName } from "#shared/names.rules.ts";

type KeptForm = Received<typeof KeptForm>;
const KeptForm = {
  ...ActivityForm,
  /** The name as it is compared, sorted and searched. */
  nameKey: text(4_000),
  /** How often campaigns chose it: so that a choice and a change meet. */
  choices: whole(0, 1_000_000_000),
};

const forms = collection("campaigns", "activityForms", KeptForm, [
  { key: { nameKey: 1 }, unique: true },
  { key: { nameKey: 1, _id: 1 } },
]);

type KeptVersion = Received<typeof KeptVersion>;
const KeptVersion = { ...ActivityForm, id: text(80), formId: id };

/** By form and version, such as `standard:2`. */
const versions = collection("campaigns", "activityFormVersions", KeptVersion, []);

const formOf = (kept: Kept<KeptForm>): ActivityForm => {
  const { nameKey: _key, choices: _choices, ...form } = entityOf<KeptForm>(kept);
  return form;
};

/** @throws 404 NOT_FOUND */
export async function get(formId: string, session?: ClientSession): Promise<ActivityForm> {
  const found = await forms.native().findOne({ _id: formId }, session ? { session } : undefined);
  if (!found) throw notFound("activity form", formId);
  return formOf(found);
}

/** @throws 404 NOT_FOUND */
export async function getVersion(formId: string, version: number): Promise<ActivityForm> {
  const _id = versionId(formId, version);
  const found = await versions.native().findOne({ _id });
  if (!found) throw notFound("version of an activity form", formId);
  const { formId: own, ...form } = entityOf<KeptVersion>(found);
  return { ...form, id: own };
}

const versionId = (formId: string, version: number): string => `${formId}:${version}`;

export interface FormSearch {
  limit: number;
  cursor?: string | undefined;
  count?: boolean | undefined;
  q?: string | undefined;
}

/** By name. */
export async function list({ q, ...paging }: FormSearch): Promise<Page<ActivityForm>> {
  const filter = q ? { nameKey: partOfName(q) } : {};
  const sort = [
    ["nameKey", 1],
    ["_id", 1],
  ] as const;
  const page = await findPage(forms.native(), { filter, sort, ...paging });
  return { ...page, items: page.items.map(formOf) };
}

/** The form that a campaign chooses in this transaction: until it ends nobody changes the form. */
export async function choose(
  formId: string,
  session: ClientSession,
): Promise<ActivityForm | undefined> {
  const found = await forms
    .native()
    .findOneAndUpdate({ _id: formId }, { $inc: { choices: 1 } }, { session });
  return found ? formOf(found) : undefined;
}

/** @throws 409 ACTIVITY_FORM_EXISTS with `existingId` where another has the name */
export async function add(form: ActivityForm, session: ClientSession): Promise<void> {
  await requireName(form, session);
  const kept = { ...keptOf<ActivityForm>(form), nameKey: nameKey(form.name), choices: 0 };
  await forms.native().insertOne(kept, { session });
  await keepVersion(form, session);
}

/** @throws 409 ACTIVITY_FORM_EXISTS with `existingId` where another has the name */
export async function replace(form: ActivityForm, session: ClientSession): Promise<void> {
  await requireName(form, session);
  const { _id, ...fields } = keptOf<ActivityForm>(form);
  const set = { ...fields, nameKey: nameKey(form.name) };
  await forms.native().updateOne({ _id }, { $set: set }, { session });
  await keepVersion(form, session);
}

async function keepVersion({ id: formId, ...form }: ActivityForm, session: ClientSession) {
  const kept = { _id: versionId(formId, form.version), formId, ...form };
  await versions.native().insertOne(kept, { session });
}

async function requireName({ id: own, name }: ActivityForm, session: ClientSession): Promise<void> {
  const there = await forms.native().findOne({ nameKey: nameKey(name) }, { session });
  if (there && there._id !== own) throw nameTaken(there._id);
}

/** The same refusal where two took a name at once; otherwise what was thrown. */
export async function asNameTaken(error: unknown): Promise<unknown> {
  if (!isDuplicate(error, "nameKey")) return error;
  const { keyValue } = error as { keyValue: { nameKey: string } };
  const there = await forms.native().findOne({ nameKey: keyValue.nameKey });
  return nameTaken(there?._id);
}

const nameTaken = (existingId: string | undefined) =>
  conflict("ACTIVITY_FORM_EXISTS", "There is an activity form of this name", { existingId });
