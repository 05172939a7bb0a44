/** What a campaign's advanced configuration may be: calendar, required fields, external view. */
import {
  CampaignSettings,
  type Calendar,
  type CampaignSettings as Settings,
} from "#shared/contracts/campaigns/settings.ts";
import type { FieldFault } from "#shared/errors.ts";
import { fault, repeated } from "./faults.rules.ts";

type Span = { from: string; to: string };
/** A span with where it stands in the request. */
type Placed = Span & { path: string };

/** The settings that a campaign starts with (D07, D17), as the contract says them. */
export const usualSettings = Object.fromEntries(
  Object.entries(CampaignSettings)
    .filter(([, field]) => field["default"] !== undefined)
    .map(([name, field]) => [name, field["default"]]),
) as Settings;

export type SettingsPatch = Partial<Omit<Settings, "externalView">> & {
  externalView?: Partial<Settings["externalView"]>;
};

/** The settings after a change; of the external view each section is replaced by itself. */
export function withSettings(current: Settings, patch: SettingsPatch): Settings {
  const externalView = { ...current.externalView, ...patch.externalView };
  return { ...current, ...patch, externalView };
}

/** All that is wrong with the settings of a campaign. */
export const settingsFaults = (settings: Settings): FieldFault[] => [
  ...twice(settings.requiredCustomerFields, "requiredCustomerFields"),
  ...Object.entries(settings.externalView).flatMap(([section, { fields }]) =>
    twice(fields, `externalView.${section}.fields`),
  ),
  ...calendarFaults(settings.calendar),
];

const calendarFaults = ({ hours, holidays }: Calendar): FieldFault[] => {
  const placed = hours.map((one, place) => ({ ...one, path: `calendar.hours[${place}]` }));
  return [
    ...placed.flatMap(backwards),
    ...placed.flatMap((one, place) =>
      overlapping(
        placed.slice(0, place).filter(({ weekday }) => weekday === one.weekday),
        one,
      ),
    ),
    ...placed.flatMap(breakFaults),
    ...twice(
      holidays.map(({ day }) => day),
      "calendar.holidays",
      ".day",
    ),
  ];
};

function breakFaults({ breaks, path, ...hours }: Placed & { breaks: Span[] }): FieldFault[] {
  const placed = breaks.map((one, place) => ({ ...one, path: `${path}.breaks[${place}]` }));
  return placed.flatMap((one, place) => [
    ...backwards(one),
    ...(one.from < hours.from || one.to > hours.to
      ? [fault(one.path, "is outside the hours", "outside")]
      : []),
    ...overlapping(placed.slice(0, place), one),
  ]);
}

/** Times of the day are compared as they are written. */
const backwards = ({ from, to, path }: Placed): FieldFault[] =>
  from < to ? [] : [fault(`${path}.to`, "must be after from", "period")];

const overlapping = (before: readonly Span[], { from, to, path }: Placed): FieldFault[] =>
  before.some((other) => other.from < to && from < other.to)
    ? [fault(path, "overlaps with another one", "overlap")]
    : [];

const twice = (values: readonly string[], path: string, field = ""): FieldFault[] =>
  repeated(values).map((place) =>
    fault(`${path}[${place}]${field}`, "is there twice", "duplicate"),
  );
