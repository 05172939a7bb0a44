/** Which outgoing e-mails a person may send again (P5). Pure. */
import type { OutgoingMail } from "#shared/contracts/notifications/mails.ts";
import { conflict } from "#shared/errors.ts";

/** @throws 409 MAIL_NOT_RESENDABLE for what goes out by itself, or has gone out */
export function requireResendable({ state }: OutgoingMail): void {
  if (state === "uncertain" || state === "failed") return;
  throw conflict("MAIL_NOT_RESENDABLE", "Only uncertain and failed e-mails are sent again", {
    state,
  });
}
