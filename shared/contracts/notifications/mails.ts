/** Outgoing e-mail to users: what became of each, and what a person does about it (P5). */
import { actions } from "../../contract.ts";
import {
  email,
  id,
  instant,
  longText,
  oneOf,
  optional,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "../../fields.ts";
import { page, paging } from "../common.ts";

const mailState = oneOf("queued", "sending", "sent", "uncertain", "failed");
const count = whole(0, 1_000_000_000);

export type OutgoingMail = Received<typeof OutgoingMail>;
export const OutgoingMail = {
  id,
  /** What it is about. */
  kind: oneOf("passwordReset", "caseTransferred", "ruleMail"),
  /** The address that was typed; where it is for a user, that is asked for when it goes out. */
  to: optional(email),
  userId: optional(id),
  caseId: optional(id),
  /** Of a business rule: what it was that it did, and which of its actions the e-mail is. */
  executionId: optional(id),
  place: optional(whole(0, 9)),
  /** `uncertain`: it was handed over and nobody knows whether it was taken. */
  state: mailState,
  attempts: whole(0, 1_000),
  /** What the last attempt met. */
  fault: optional(text(300)),
  createdAt: instant,
  updatedAt: instant,
};

export const mailActions = actions({
  listMails: {
    rest: "GET /outgoing-mails",
    needs: "operations.manage",
    says: "Outgoing e-mails, the newest first.",
    params: { ...paging, state: optional(mailState) },
    returns: page(OutgoingMail),
  },
  mailStatus: {
    rest: "GET /outgoing-mails/status",
    needs: "operations.manage",
    says: "Whether e-mails are sent at all, and how many wait or need a person; counted up to 10,000.",
    params: {},
    returns: record({ sends: yesNo, queued: count, uncertain: count, failed: count }),
  },
  resendMail: {
    rest: "POST /outgoing-mails/:id/resend",
    needs: "operations.manage",
    status: 200,
    says: "Sends an uncertain or failed e-mail again.",
    params: { id },
    returns: record(OutgoingMail),
  },
  /**
   * Has an e-mail sent to an address; what it says is asked of who knows it each time that it is
   * tried. Without a mail server nothing is kept, and the log says so.
   */
  queueMail: { params: { kind: oneOf("passwordReset"), to: email } },
});

/** An e-mail to a user, as who knows what it says composes it. */
export const Letter = { to: email, subject: text(200), text: longText(20_000) };
