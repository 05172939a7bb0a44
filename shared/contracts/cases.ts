/** Cases: the unit of work; one customer, one campaign, many interactions. */
import { contract } from "../contract.ts";
import {
  id,
  instant,
  longText,
  nullable,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "../fields.ts";
import { bulkActions, bulkEvents, BulkJob, bulkJobActions } from "./cases/bulk.ts";
import { closingActions, closingEvents } from "./cases/closing.ts";
import { creationActions, creationEvents } from "./cases/creation.ts";
import { Activity, activityActions, activityEvents } from "./cases/activities.ts";
import { agendaActions, agendaDoors, agendaEvents, AgendaLink } from "./cases/agenda.ts";
import { conversationActions } from "./cases/conversation.ts";
import { customerMoveActions, customerMoveEvents } from "./cases/customer-moves.ts";
import { Filed, Filing } from "./cases/filing.ts";
import { neighbourActions, number } from "./cases/for-neighbours.ts";
import { attendingActions, attendingDoors, Note, noteEvents } from "./cases/attending.ts";
import { importActions } from "./cases/imports.ts";
import { caseMergeActions, caseMergeEvents, merged } from "./cases/merge.ts";
import { CaseFlag, listActions } from "./cases/lists.ts";
import { retentionActions, retentionEvents, RetentionRun } from "./cases/retention.ts";
import { presenceActions, presenceEvents } from "./cases/presence.ts";
import { caseRelationActions, caseRelationEvents, caseRelations } from "./cases/relations.ts";
import { routingActions, routingEvents } from "./cases/routing.ts";
import { sweepingActions } from "./cases/sweeping.ts";
import { sendingActions } from "./cases/sending.ts";
import { many, priority, status } from "./cases/status.ts";
import {
  handoverReason,
  transferActions,
  transferEvents,
  transferTargetActions,
} from "./cases/transferring.ts";
import { caseTagActions, caseTags } from "./cases/tags.ts";
import { KeptTabValues, tabActions, tabEvents } from "./cases/tabs.ts";
import { caseTemplateActions } from "./cases/templates.ts";
import { viewActions } from "./cases/view.ts";
import { page, paging, trail, version } from "./common.ts";

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
      /** A message where it is missing. */
      kind: optional(oneOf("message", "call")),
      preview: personal(text(200, 0)),
      at: instant,
    }),
  ),
  lastCustomerUpdateAt: optional(instant),
  /** The interaction of another case that it was made out of by hand (F137, F070). */
  interactionId: optional(id),
  /** The address of the customer who opened it by writing or calling (F132). */
  from: optional(personal(text(320))),
  flag: optional(record(CaseFlag)),
  /** In the order of the alphabet; missing where there are none. */
  tags: optional(personal(caseTags)),
  /** When the first e-mail went out from it to follow up (F133, F136). */
  followUpSentAt: optional(instant),
  /** Saved activities (F172); missing where there are none. */
  activityCount: optional(whole(0, 1_000_000)),
  /** What its last activity says in the campaign's main field, and plans next (G02, F174). */
  disposition: optional(text(120)),
  nextActionAt: optional(instant),
  closedAt: optional(instant),
  closedBy: optional(id),
  /** Why it was last transferred or escalated, where that was said. */
  handoverReason: optional(handoverReason),
  ...merged,
  /** Since when its content is gone, for its campaign keeps that no longer (B08). */
  contentRemovedAt: optional(instant),
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
    ...creationActions(Case),
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
    ...viewActions(ReadCase),
    change: {
      rest: "PATCH /cases/:id",
      needs: "cases.change",
      guarded: "required",
      says: "Changes what the case form holds: type, description, subject, priority, account (F080), and tags as a whole.",
      params: {
        id,
        version,
        caseTypeId: optional(nullable(id)),
        description: optional(longText(20_000, 1)),
        subject: optional(nullable(text(500))),
        priority: optional(priority),
        accountId: optional(nullable(id)),
        tags: optional(nullable(caseTags)),
      },
      returns: record(Case),
    },
    ...conversationActions,
    ...customerMoveActions(Case),
    ...neighbourActions,
    ...presenceActions({ ...ReadCase, entered: yesNo }),
    ...routingActions(Case),
    ...closingActions(Case),
    ...transferActions(Case),
    ...transferTargetActions,
    ...bulkActions,
    ...bulkJobActions,
    ...importActions,
    ...caseMergeActions(Case),
    ...caseRelationActions(ReadCase),
    ...listActions(ReadCase, Case),
    ...caseTagActions(Case),
    ...activityActions,
    ...agendaActions,
    ...attendingActions,
    ...tabActions,
    ...retentionActions,
    ...sweepingActions,
    ...caseTemplateActions,
    ...sendingActions,
  },
  doors: { ...agendaDoors, ...attendingDoors },
  events: {
    ...creationEvents,
    changed: { id, campaignId: id, customerId: id },
    ...customerMoveEvents,
    ...presenceEvents,
    ...routingEvents,
    ...closingEvents,
    ...transferEvents,
    ...bulkEvents,
    ...caseMergeEvents,
    ...caseRelationEvents,
    ...activityEvents,
    ...agendaEvents,
    ...noteEvents,
    ...tabEvents,
    ...retentionEvents,
  },
  aggregates: {
    case: Case,
    ...caseRelations,
    bulkJob: BulkJob,
    activity: Activity,
    agendaLink: AgendaLink,
    note: Note,
    tabValues: KeptTabValues,
    retentionRun: RetentionRun,
  },
});
