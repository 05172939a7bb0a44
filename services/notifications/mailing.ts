/** Which e-mails go out, and what each says: asked of who knows it when it is sent. */
import type { Service } from "moleculer";
import type { Broker, Meta } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import { permissionsOf } from "#shared/contracts/access.ts";
import type { Actor } from "#shared/contracts/common.ts";
import type { OutgoingMail } from "#shared/contracts/notifications/mails.ts";
import { runJobs } from "#shared/jobs.ts";
import { startMailer } from "#shared/mail/mailer.ts";
import type { Letter } from "#shared/mail/smtp.ts";
import * as store from "./mail/mails.store.ts";
import { ruleLetter } from "./rule-mail.rules.ts";
import { letterFor } from "./transfer-mail.rules.ts";

/** Sends what is queued, as long as there is a mail server to send it by. */
export function sendMails(service: Service): void {
  const { SMTP_URL: smtpUrl, MAIL_FROM: from, ADMIN_EMAIL } = config();
  const { logger } = service;
  if (!smtpUrl) {
    logger.info("No e-mail is sent to users: SMTP_URL is not set");
    return;
  }
  const bus = service.broker as unknown as Broker;
  async function compose(mail: OutgoingMail) {
    const composed = await composers[mail.kind](bus, mail);
    return composed && { ...composed, from: from ?? ADMIN_EMAIL, isAutomatic: true };
  }
  const queue = store;
  runJobs(service, startMailer({ service: "notifications", smtpUrl, compose, queue, logger }));
}

type Composed = Pick<Letter, "to" | "subject"> & { text: string };

type Compose = (bus: Broker, mail: OutgoingMail) => Promise<Composed | undefined>;

const composers: Record<OutgoingMail["kind"], Compose> = {
  /** Its secret passes through here on its way to the mail server, and is kept nowhere. */
  passwordReset: async (bus, { to }) =>
    (to && (await bus.call("identity.composePasswordReset", { to }))) || undefined,

  /** Nothing for who is disabled or may not read the case any more, or where the campaign wants none (F231). */
  async caseTransferred(bus, { userId = "", caseId = "" }) {
    const user = await bus.call("identity.recipientOf", { id: userId });
    if (!user) return undefined;
    const [kase] = await bus.call("cases.readable", { ids: [caseId] }, { meta: as(user) });
    if (!kase) return undefined;
    const campaign = await bus.call("campaigns.describe", { id: kase.campaignId });
    if (!campaign.options.notifyTransferByEmail) return undefined;
    const { number } = kase;
    const link = linkTo(number);
    return { to: user.email, ...letterFor({ user, number, campaign: campaign.name, link }) };
  },

  /** Nothing for who is disabled or may not read the case, or where the rules log has forgotten it. */
  async ruleMail(bus, { userId = "", caseId = "", executionId = "", place = 0 }) {
    const user = await bus.call("identity.recipientOf", { id: userId });
    if (!user) return undefined;
    const [kase] = await bus.call("cases.readable", { ids: [caseId] }, { meta: as(user) });
    const said = kase && (await bus.call("automation.composeMail", { executionId, place }));
    if (!said) return undefined;
    const { number } = kase;
    return { to: user.email, ...ruleLetter(said, { user, number, link: linkTo(number) }) };
  },
};

/** Where users find a case; nowhere where the frontend's address is not known. */
function linkTo(number: number): string | undefined {
  const { PUBLIC_URL } = config();
  return PUBLIC_URL && `${PUBLIC_URL.replace(/\/$/, "")}/cases/${String(number)}`;
}

/** On behalf of the user, who is told only of what the user may see (B09). */
const as = ({ id, role }: { id: string; role: Actor["role"] & string }): Meta => ({
  actor: { kind: "user", id, role, permissions: permissionsOf(role) },
});
