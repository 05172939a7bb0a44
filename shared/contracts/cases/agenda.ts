/** The agenda: next actions of an agent (F174, F178), reminders of them (F175), a calendar feed. */
import { actions, doors } from "../../contract.ts";
import {
  id,
  instant,
  list,
  longText,
  optional,
  personal,
  record,
  secret,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../../fields.ts";
import { language, page, paging } from "../common.ts";
import { number } from "./for-neighbours.ts";
import { priority, status } from "./status.ts";

/** A next action in the calendar of who has the case. */
export type AgendaItem = Received<typeof AgendaItem>;
const AgendaItem = {
  at: instant,
  /** When it is taken to be over. */
  endsAt: instant,
  /** How many others of the same calendar fall into this time. */
  overlaps: whole(0, 10_000),
  /** Missing where the one who asks may not see the case: then only the time is taken. */
  case: optional(
    record({
      id,
      number,
      campaignId: id,
      status,
      priority,
      subject: optional(personal(text(500, 0))),
      customerName: optional(personal(text(400, 0))),
    }),
  ),
};

/** A secret link by which calendars read somebody's next actions; the secret is not in it. */
export type AgendaLink = Received<typeof AgendaLink>;
export const AgendaLink = { id, userId: id, showSubjects: yesNo, language, createdAt: instant };

const { userId: _own, ...linkShown } = AgendaLink;

export const agendaActions = actions({
  listAgenda: {
    rest: "GET /agenda",
    needs: "cases.read",
    says: "The next actions of the one who asks, the earliest first; of an agent of a supervised campaign by `userId`, of who has a case by `caseId` (F178).",
    params: {
      ...paging,
      userId: optional(id),
      caseId: optional(id),
      from: optional(instant),
      to: optional(instant),
    },
    returns: page(AgendaItem),
  },
  createAgendaLink: {
    rest: "POST /agenda/links",
    needs: "cases.read",
    says: "Makes a secret link by which a calendar reads your next actions (iCalendar); shown once.",
    params: { showSubjects: withDefault(yesNo, false) },
    returns: record({ id, url: secret(700) }),
  },
  listAgendaLinks: {
    rest: "GET /agenda/links",
    needs: "cases.read",
    says: "Your links to the agenda, without their secrets.",
    returns: record({ items: list(record(linkShown), 5) }),
  },
  revokeAgendaLink: {
    rest: "DELETE /agenda/links/:id",
    needs: "cases.read",
    says: "Revokes one of your links to the agenda.",
    params: { id },
  },
  /** The calendar that a link leads to. 404 alike for an unknown and a revoked one. */
  agendaFeed: {
    params: { token: secret(200) },
    returns: record({ calendar: longText(2_000_000) }),
  },
});

export const agendaDoors = doors({
  readAgendaFeed: {
    rest: "GET /agenda-feeds/:token",
    needs: "nobody",
    produces: "text/calendar",
    status: 200,
    says: "The next actions of who made this link, as a calendar (iCalendar, RFC 5545).",
    accepts: { token: secret(200) },
  },
});

export const agendaEvents = {
  /** Once, some time before a next action, for who has the case then (P13). */
  reminderDue: { id, activityId: id, userId: id, dueAt: instant },
  agendaLinkCreated: { id, userId: id },
  agendaLinkRevoked: { id, userId: id },
};
