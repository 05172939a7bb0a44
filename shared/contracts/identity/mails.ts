/** Outgoing e-mail to users: what became of each, and what a person does about it (P5). */
import { actions } from "../../contract.ts";
import {
  email,
  id,
  instant,
  oneOf,
  optional,
  record,
  text,
  whole,
  type Received,
} from "../../fields.ts";
import { page, paging } from "../common.ts";

const mailState = oneOf("queued", "sending", "sent", "uncertain", "failed");

export type OutgoingMail = Received<typeof OutgoingMail>;
export const OutgoingMail = {
  id,
  /** What it is about. */
  kind: oneOf("passwordReset"),
  to: email,
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
  resendMail: {
    rest: "POST /outgoing-mails/:id/resend",
    needs: "operations.manage",
    status: 200,
    says: "Sends an uncertain or failed e-mail again.",
    params: { id },
    returns: record(OutgoingMail),
  },
});
