/** What a campaign may be: its basics, case types and options. */
import { CampaignOptions, type Campaign, type CaseType } from "#shared/contracts/campaigns.ts";
import { invalid, type FieldFault } from "#shared/errors.ts";
import { nameKey } from "#shared/names.rules.ts";

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
type Wanted = Basics & { caseTypes?: CaseTypeDraft[]; options?: Partial<Campaign["options"]> };
type Patch = Partial<Basics> & { caseTypes?: CaseTypeDraft[] };
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

/** Refuses a request by all that is wrong with it. */
export function refuse(faults: readonly FieldFault[]): void {
  if (faults.length > 0) throw invalid([...faults]);
}

/**
 * A new campaign with the usual options and case types where it does not say otherwise.
 * @throws 422 for an unknown time zone, an end before the start, a case type twice
 */
export function open(wanted: Wanted, newId: NewId, now: Date): Campaign {
  const { caseTypes, options, ...basics } = wanted;
  const drafts = caseTypes ?? usualCaseTypes[basics.language].map((name) => ({ name }));
  refuse([...basicFaults(basics), ...caseTypeFaults([], drafts)]);
  return {
    id: newId(),
    ...basics,
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
 * The campaign with other basics; a case type with its id is renamed, one left out is removed.
 * @throws 422 for an unknown time zone, an end before the start, an unknown case type or one twice
 */
export function change(current: Campaign, patch: Patch, newId: NewId): Campaign {
  const { caseTypes: drafts, ...basics } = patch;
  const next = { ...current, ...basics };
  refuse([...basicFaults(next), ...(drafts ? caseTypeFaults(current.caseTypes, drafts) : [])]);
  return drafts ? { ...next, caseTypes: named(drafts, newId) } : next;
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

export const fault = (path: string, message: string, code: string): FieldFault => ({
  path,
  message,
  code,
});

/** The places of those that were there before. */
export const repeated = (values: readonly string[]): number[] =>
  values.flatMap((value, place) => (values.indexOf(value) < place ? [place] : []));
