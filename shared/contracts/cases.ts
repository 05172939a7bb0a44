/** Cases: the unit of work; one customer, one campaign, many interactions. */
import { contract } from "../contract.ts";
import {
  id,
  instant,
  list,
  longText,
  nullable,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../fields.ts";
import { Activity, activityActions, activityEvents } from "./cases/activities.ts";
import { agendaActions, agendaDoors, agendaEvents, AgendaLink } from "./cases/agenda.ts";
import { customerMoveActions, customerMoveEvents } from "./cases/customer-moves.ts";
import { Filed, Filing } from "./cases/filing.ts";
import { neighbourActions, number } from "./cases/for-neighbours.ts";
import { CaseFlag, listActions } from "./cases/lists.ts";
import { presenceActions, presenceEvents } from "./cases/presence.ts";
import { routingActions, routingEvents } from "./cases/routing.ts";
import { many, priority, status } from "./cases/status.ts";
import { page, paging, trail, version } from "./common.ts";
import { NewCustomer } from "./customers/customer.ts";
import { Interaction } from "./interactions.ts";

/** A case as lists carry it (G02) and as its header shows it (F073). */
export type Case = Received<typeof Case>;
export const Case = {
  id,
  number,
  status,
  priority,
  caseTypeId: optional(id),
  subject: optional(personal(text(500, 0))),
  description: personal(longText(20_000)),
  campaignId: id,
  customerId: id,
  /** Copied from the customer by events. */
  customerName: optional(personal(text(400, 0))),
  customerDocument: optional(personal(text(110))),
  accountId: optional(id),
  /** Copied from the account by events. */
  accountNumber: optional(personal(text(60))),
  assigneeId: optional(id),
  /** The channel and thread it came through; none when made by hand. */
  channelId: optional(id),
  threadKey: optional(personal(text(320))),
  /** The closed case that its first message answered (D01). */
  followUpOf: optional(id),
  /** Interactions filed so far: the `seq` of the last one. */
  interactionCount: whole(0, 1_000_000_000),
  unreadCount: whole(0, 1_000_000_000),
  lastInteraction: optional(
    record({
      id,
      channelId: id,
      direction: oneOf("inbound", "outbound"),
      preview: personal(text(200, 0)),
      at: instant,
    }),
  ),
  lastCustomerUpdateAt: optional(instant),
  /** The address of who wrote the message that opened it (F132); none when made by hand. */
  from: optional(personal(text(320))),
  flag: optional(record(CaseFlag)),
  /** Saved activities (F172); missing where there are none. */
  activityCount: optional(whole(0, 1_000_000)),
  /** What its last activity says in the campaign's main field, and plans next (G02, F174). */
  disposition: optional(text(120)),
  nextActionAt: optional(instant),
  closedAt: optional(instant),
  /** Since when it does not tell any more whom it was about (B08). */
  erasedAt: optional(instant),
  ...trail,
};

export { Filed, Filing };

/** A case as it is read; `readOnly` where it belongs to a campaign of others (F125). */
export type ReadCase = Received<typeof ReadCase>;
const ReadCase = { ...Case, readOnly: optional(yesNo) };

export const cases = contract({
  actions: {
    create: {
      rest: "POST /cases",
      needs: "cases.create",
      says: "Creates a case by hand for a customer, or for a new one given in place (F060-F068).",
      params: {
        customerId: optional(id),
        customer: optional(record(NewCustomer)),
        caseTypeId: optional(id),
        description: longText(20_000, 1),
        subject: optional(text(500)),
        campaignId: optional(id),
        priority: withDefault(priority, "medium"),
        accountId: optional(id),
      },
      returns: record(Case),
    },
    listOfCustomer: {
      rest: "GET /customers/:id/cases",
      needs: "cases.read",
      says: "The customer's cases that the user may read, newest first (F050-F052, F125).",
      params: {
        id,
        ...paging,
        createdFrom: optional(instant),
        createdTo: optional(instant),
        campaignId: many(id),
        status: many(status),
      },
      /** The name is missing where nobody has the case, or where names cannot be asked for now. */
      returns: page({ ...ReadCase, assigneeName: optional(text(120)) }),
    },
    get: {
      rest: "GET /cases/:id",
      needs: "cases.read",
      says: "One case by id or by number.",
      params: { id },
      returns: record(ReadCase),
    },
    change: {
      rest: "PATCH /cases/:id",
      needs: "cases.change",
      guarded: "required",
      says: "Changes what the case form holds: type, description, subject, priority, account (F080).",
      params: {
        id,
        version,
        caseTypeId: optional(nullable(id)),
        description: optional(longText(20_000, 1)),
        subject: optional(nullable(text(500))),
        priority: optional(priority),
        accountId: optional(nullable(id)),
      },
      returns: record(Case),
    },
    conversation: {
      rest: "GET /cases/:id/conversation",
      needs: "cases.read",
      says: "The case's interactions in order of `seq` (F138-F140, F143).",
      params: { id, ...paging, channelId: optional(id) },
      returns: page(Interaction),
    },
    /** How many cases these customers have, whoever may see them. */
    countOf: { params: { customerIds: list(id, 600) }, returns: record({ count: whole(0, 1e9) }) },
    /** Files each message with its case, opening one where D01 says so. Twice is as once. */
    file: {
      params: { filings: list(record(Filing), 500) },
      returns: list(record(Filed), 500),
    },
    ...customerMoveActions(Case),
    ...neighbourActions,
    ...presenceActions({ ...ReadCase, entered: yesNo }),
    ...routingActions(Case),
    ...listActions(ReadCase, Case),
    ...activityActions,
    ...agendaActions,
  },
  doors: agendaDoors,
  events: {
    created: {
      id,
      number,
      campaignId: id,
      customerId: id,
      channelId: optional(id),
      assigneeId: optional(nullable(id)),
      cause: oneOf("message", "user"),
    },
    changed: { id, campaignId: id, customerId: id },
    ...customerMoveEvents,
    ...presenceEvents,
    ...routingEvents,
    ...activityEvents,
    ...agendaEvents,
  },
  aggregates: { case: Case, activity: Activity, agendaLink: AgendaLink },
});
