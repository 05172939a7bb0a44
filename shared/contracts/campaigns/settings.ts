/** A campaign's advanced configuration beside its options (F204, D07, D17). */
import { actions } from "../../contract.ts";
import {
  day,
  id,
  list,
  nullable,
  oneOf,
  optional,
  record,
  says,
  text,
  whole,
  withDefault,
  word,
  yesNo,
  type Received,
} from "../../fields.ts";
import { page, paging } from "../common.ts";
import { fieldKey, standardFormId } from "./forms.ts";

/** A time of the day in the campaign's zone; 24:00 is its end. */
const timeOfDay = word(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 5);

const weekday = oneOf("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

/** From a time until before another. */
const Span = { from: timeOfDay, to: timeOfDay };

/** When a campaign works, in its time zone. Without hours it works around the clock. */
export type Calendar = Received<typeof Calendar>;
export const Calendar = {
  hours: withDefault(
    list(record({ weekday, ...Span, breaks: withDefault(list(record(Span), 10), []) }), 50),
    [],
  ),
  holidays: withDefault(list(record({ day, name: optional(text(80)) }), 200), []),
};

const section = <T extends string>(...fields: T[]) =>
  record({ shown: yesNo, fields: withDefault(list(oneOf(...fields), fields.length), []) });

/** What the public view of a case shows, section by section, field by field (F192, D17). */
export const ExternalView = {
  customer: section(
    "documentType",
    "documentNumber",
    "firstName",
    "middleName",
    "lastName",
    "secondLastName",
    "businessName",
    "birthDate",
    "gender",
    "contactPoints",
    "accountNumber",
  ),
  case: section(
    "number",
    "status",
    "priority",
    "type",
    "subject",
    "description",
    "campaign",
    "assignee",
    "createdAt",
    "updatedAt",
    "closedAt",
  ),
  activities: section("at", "author", "disposition", "observations", "nextActionAt"),
};

/** What names a person, or was written freely, is shown only where somebody has said so. */
const usualView: Received<typeof ExternalView> = {
  customer: { shown: false, fields: [] },
  case: { shown: true, fields: ["number", "status", "type", "createdAt", "updatedAt", "closedAt"] },
  activities: { shown: true, fields: ["at", "disposition", "nextActionAt"] },
};

export const requiredCustomerField = oneOf(
  "documentType",
  "documentNumber",
  "firstName",
  "middleName",
  "lastName",
  "secondLastName",
  "businessName",
  "birthDate",
  "gender",
  "tags",
  "contactPoints",
);

/** For how many days the content of a closed case is kept (B08). */
export const days = whole(1, 36_500);
const retentionDays = says(
  "After so many days the content of a closed case is removed for good (B08); null: it is kept.",
  optional(nullable(days)),
);

/** Each with what it is where a campaign says nothing. */
export type CampaignSettings = Received<typeof CampaignSettings>;
export const CampaignSettings = {
  activityFormId: withDefault(id, standardFormId),
  /** The field of the form whose value is a case's disposition (G06): a single choice. */
  mainField: optional(nullable(fieldKey)),
  /**
   * What a customer must have before a case may be closed, where an option asks for it (D07). A
   * field that persons, or companies, do not have is not asked of them.
   */
  requiredCustomerFields: withDefault(list(requiredCustomerField, 11), [
    "documentType",
    "documentNumber",
    "firstName",
    "lastName",
  ]),
  externalView: withDefault(record(ExternalView), usualView),
  calendar: withDefault(record(Calendar), { hours: [], holidays: [] }),
  retentionDays,
};

export const settingsActions = actions({
  /** The campaigns that keep the content of closed cases for a time only, or one of them. */
  retentions: {
    params: { id: optional(id), limit: paging.limit, cursor: paging.cursor },
    returns: page({ id, retentionDays: days }),
  },
});
