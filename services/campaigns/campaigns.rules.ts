/** What a campaign may be: its basics, case types and options. */
import { CampaignOptions, type Campaign, type CaseType } from "#shared/contracts/campaigns.ts";
import { conflict, type FieldFault } from "#shared/errors.ts";
import { nameKey } from "#shared/names.rules.ts";
import { fault, refuse, repeated } from "./faults.rules.ts";
import {
  settingsFaults,
  usualSettings,
  withSettings,
  type SettingsPatch,
} from "./settings.rules.ts";

type Basics = Pick<
  Campaign,
  | "name"
  | "description"
  | "startsAt"
  | "endsAt"
  | "responsibleUserId"
  | "timeZone"
  | "language"
  | "enabled"
  | "routingStrategy"
>;
type Wanted = Basics &
  SettingsPatch & { caseTypes?: CaseTypeDraft[]; options?: Partial<Campaign["options"]> };
type Patch = Partial<Basics> & SettingsPatch & { archived?: boolean; caseTypes?: CaseTypeDraft[] };
interface CaseTypeDraft {
  id?: string;
  name: string;
}

/** Where a new identifier comes from. */
type NewId = () => string;

/** The case types that a campaign starts with (F063). */
const usualCaseTypes: Record<Campaign["language"], readonly string[]> = {
  en: ["Question", "Complaint", "Suggestion", "Claim"],
  es: ["Pregunta", "Queja", "Sugerencia", "Reclamo"],
};

/** The options that a campaign starts with (D06), as the contract says them. */
const usualOptions = Object.fromEntries(
  Object.entries(CampaignOptions).map(([name, field]) => [name, field["default"]]),
) as Campaign["options"];

/**
 * A new campaign with the usual options, settings and case types where it does not say otherwise.
 * @throws 422 for an unknown time zone, an end before the start, a case type twice, a calendar that
 *   cannot be
 */
export function open(wanted: Wanted, newId: NewId, now: Date): Campaign {
  const { caseTypes, options, ...more } = wanted;
  const basics = { ...more, ...withSettings(usualSettings, more) };
  const drafts = caseTypes ?? usualCaseTypes[basics.language].map((name) => ({ name }));
  refuse([...basicFaults(basics), ...settingsFaults(basics), ...caseTypeFaults([], drafts)]);
  return {
    id: newId(),
    ...basics,
    archived: false,
    caseTypes: named(drafts, newId),
    options: { ...usualOptions, ...options },
    channelIds: [],
    agents: [],
    supervisorIds: [],
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * The campaign with other basics and settings; a case type with its id is renamed, one left out is
 * removed. One that is archived is disabled by it.
 * @throws 422 for an unknown time zone, an end before the start, an unknown case type or one twice,
 *   a calendar that cannot be, and at `enabled` for what is archived
 */
export function change(current: Campaign, patch: Patch, newId: NewId): Campaign {
  const { caseTypes: drafts, ...more } = patch;
  const next = { ...current, ...more, ...withSettings(current, more) };
  refuse([
    ...basicFaults(next),
    ...settingsFaults(next),
    ...(next.archived && patch.enabled
      ? [fault("enabled", "is not possible for an archived campaign", "archived")]
      : []),
    ...(drafts ? caseTypeFaults(current.caseTypes, drafts) : []),
  ]);
  const changed = { ...next, enabled: next.enabled && !next.archived };
  return drafts ? { ...changed, caseTypes: named(drafts, newId) } : changed;
}

/**
 * Refuses to change an archived campaign, but to take it out of the archive.
 * @throws 409 CAMPAIGN_ARCHIVED
 */
export function requireInUse({ id, archived }: Pick<Campaign, "id" | "archived">): void {
  if (!archived) return;
  throw conflict("CAMPAIGN_ARCHIVED", "The campaign is archived", { campaignId: id });
}

/**
 * A new campaign configured like another. It has nobody's channels: a channel stays in its
 * campaign. The people come along, without channels.
 */
export function copyOf(
  original: Campaign,
  { name, newId, now }: { name: string; newId: NewId; now: Date },
): Campaign {
  const { createdBy: _createdBy, updatedBy: _updatedBy, ...configured } = original;
  return {
    ...configured,
    id: newId(),
    name,
    archived: false,
    caseTypes: named(
      original.caseTypes.map((type) => ({ name: type.name })),
      newId,
    ),
    channelIds: [],
    agents: original.agents.map(({ userId }) => ({ userId, channelIds: [] })),
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * Refuses links to call queues of campaigns that there are not.
 * @param existing those of the linked campaigns that exist
 * @param prefix where the options stand in the request
 * @throws 422 naming each that does not exist, is this campaign itself or is named twice
 */
export function requireLinks(
  linked: readonly string[],
  existing: ReadonlySet<string>,
  { prefix = "", self }: { prefix?: string; self?: string } = {},
): void {
  const path = (place: number) => `${prefix}linkedCallQueues[${place}]`;
  refuse([
    ...repeated(linked).map((place) => fault(path(place), "is named twice", "duplicate")),
    ...linked.flatMap((id, place) =>
      id === self
        ? [fault(path(place), "is this campaign itself", "self")]
        : existing.has(id)
          ? []
          : [fault(path(place), "is not a campaign", "unknown")],
    ),
  ]);
}

const basicFaults = ({ timeZone, startsAt, endsAt }: Partial<Basics>): FieldFault[] => [
  ...(timeZone === undefined || isTimeZone(timeZone)
    ? []
    : [fault("timeZone", "is not a time zone, such as America/Bogota", "timeZone")]),
  ...(startsAt && endsAt && endsAt <= startsAt
    ? [fault("endsAt", "must be after startsAt", "period")]
    : []),
];

/** A name of the IANA database; an offset such as +05 is none, for it knows no summer time. */
function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

const caseTypeFaults = (
  current: readonly CaseType[],
  drafts: readonly CaseTypeDraft[],
): FieldFault[] => [
  ...repeated(drafts.map(({ name }) => nameKey(name))).map((place) =>
    fault(`caseTypes[${place}].name`, "is there twice", "duplicate"),
  ),
  ...repeated(drafts.map(({ id }, place) => id ?? `new ${place}`)).map((place) =>
    fault(`caseTypes[${place}].id`, "is there twice", "duplicate"),
  ),
  ...drafts.flatMap(({ id }, place) =>
    id === undefined || current.some((one) => one.id === id)
      ? []
      : [fault(`caseTypes[${place}].id`, "is not a case type of the campaign", "unknown")],
  ),
];

const named = (drafts: readonly CaseTypeDraft[], newId: NewId): CaseType[] =>
  drafts.map(({ id, name }) => ({ id: id ?? newId(), name }));
