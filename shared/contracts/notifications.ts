/** Notifications: what users are told in the app, live and by e-mail. */
import { contract } from "../contract.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  text,
  whole,
  withDefault,
  yesNo,
  type Received,
} from "../fields.ts";
import { number } from "./cases/for-neighbours.ts";
import { page, paging } from "./common.ts";
import { mailActions, OutgoingMail } from "./notifications/mails.ts";
import { announcerActions } from "./privacy.ts";

/** The place of a notification among those of its user: dense from 1, in the order of arrival. */
const seq = whole(0, 1_000_000_000);

/** Something that a user is told: ids only, what they stand for is read from their service. */
export type Notification = Received<typeof Notification>;
export const Notification = {
  id,
  kind: oneOf("caseAssigned", "caseTransferred", "reminderDue", "ruleNotice"),
  caseId: id,
  /** Missing where the user may not read the case any more, or where that cannot be asked for now. */
  caseNumber: optional(number),
  /** The activity that a reminder is of, and when its next action is due (F232). */
  activityId: optional(id),
  dueAt: optional(instant),
  /** What a business rule says (G12), as its administrator has written it. */
  message: optional(text(500)),
  /** When it happened. */
  at: instant,
  readAt: optional(instant),
};

export const notifications = contract({
  actions: {
    list: {
      rest: "GET /notifications",
      needs: "anybody",
      says: "The signed-in user's own notifications, the newest first (F087, F121, F230, F232).",
      params: { ...paging, unread: optional(yesNo) },
      returns: page(Notification),
    },
    unread: {
      rest: "GET /notifications/unread",
      needs: "anybody",
      says: "How many of the own notifications are unread; counted up to 10,000.",
      params: {},
      returns: record({ count: whole(0, 10_000) }),
    },
    read: {
      rest: "POST /notifications/:id/read",
      needs: "anybody",
      status: 200,
      says: "Marks one of the own notifications as read; again is as once.",
      params: { id },
      returns: record(Notification),
    },
    readAll: {
      rest: "POST /notifications/read",
      needs: "anybody",
      status: 200,
      says: "Marks all own notifications as read, or those up to the one that `upTo` names.",
      params: { upTo: optional(id) },
      returns: record({ count: whole(0, 1_000_000_000) }),
    },
    /** Those of the user who asks that came after a place, in order; without one, the place only. */
    since: {
      params: { after: optional(seq), limit: withDefault(whole(1, 200), 100) },
      returns: record({
        items: list(record({ ...Notification, seq }), 200),
        /** The place of the last one there is. */
        last: seq,
        unread: whole(0, 10_000),
      }),
    },
    ...mailActions,
    ...announcerActions,
  },
  doors: {
    stream: {
      rest: "GET /notifications/stream",
      needs: "anybody",
      produces: "text/event-stream",
      status: 200,
      says: "The own notifications as they come (server-sent events): `notification` and `unread`, after `Last-Event-ID` or from now on.",
      accepts: {},
    },
  },
  events: {
    /** Somebody had an e-mail sent again that was uncertain or failed. */
    mailResent: { id },
  },
  aggregates: { mail: { state: OutgoingMail.state } },
});
