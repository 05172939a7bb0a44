/** Which e-mails identity sends, and that it does. */
import type { Service } from "moleculer";
import { config } from "#shared/config.ts";
import type { Lease } from "#shared/events/lease.ts";
import { startMailer } from "./mail/mailer.ts";
import { composeReset } from "./password-reset.ts";

/** What each service has running; tests have several in one process. */
const running = new WeakMap<Service, Lease>();

/** Sends what is queued, as long as there is a mail server to send it by. */
export function sendMails(service: Service): void {
  const { SMTP_URL: smtpUrl, MAIL_FROM: from, ADMIN_EMAIL } = config();
  if (!smtpUrl) return;
  const { logger } = service;
  const compose = composeReset;
  running.set(service, startMailer({ smtpUrl, from: from ?? ADMIN_EMAIL, compose, logger }));
}

export const stopSending = (service: Service): Promise<void> | undefined =>
  running.get(service)?.stop();
