/** E-mail channels send by the mail server, each message once (P5, F136, F158). */
import type { Service } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { system } from "#shared/actor.ts";
import { config } from "#shared/config.ts";
import { wholeFile } from "#shared/file-pieces.ts";
import { email } from "#shared/fields.ts";
import { runJobs } from "#shared/jobs.ts";
import type { Settled } from "#shared/mail/delivery.rules.ts";
import { startMailer, type MailQueue } from "#shared/mail/mailer.ts";
import type { Letter, LetterFile } from "#shared/mail/smtp.ts";
import { compileField } from "#shared/validation.ts";
import { interactionOf, type Outgoing } from "./outgoing.store.ts";
import { settleBySystem } from "./progress.ts";
import * as store from "./sent-mail.store.ts";
import type { KeptInteraction } from "./tables.store.ts";
import { write } from "#shared/mongo/write.ts";

/** As many as are sent side by side. */
const lanes = 4;

export const hasMailServer = (): boolean => config().SMTP_URL !== undefined;

const faultsOfAddress = compileField(email);

/** The address that a channel's e-mails are from: its own, or else the company's. */
export function ownAddress(address: string | null | undefined): string {
  const { MAIL_FROM, ADMIN_EMAIL } = config();
  const isOne = address && faultsOfAddress(address).length === 0;
  return isOne ? address : (MAIL_FROM ?? ADMIN_EMAIL);
}

/** Sends what is queued, as long as there is a mail server to send it by. */
export function sendMails(service: Service): void {
  const { SMTP_URL: smtpUrl } = config();
  const { logger } = service;
  if (!smtpUrl) {
    logger.info("E-mail channels send nothing: SMTP_URL is not set");
    return;
  }
  const bus = service.broker as unknown as Broker;
  const compose = (mail: Outgoing) => letterOf(bus, mail);
  runJobs(service, startMailer({ service: "channels", smtpUrl, logger, queue, compose, lanes }));
}

/** What it answers may have come by a channel that names its messages otherwise. */
const isMessageId = /^<[^<>\s]{1,300}>$/;

/** Undefined for what was erased, or lost what it was to bring. */
async function letterOf(
  bus: Broker,
  { id }: Outgoing,
): Promise<Omit<Letter, "messageId"> | undefined> {
  const sent = await interactionOf(id);
  if (!sent?.to || sent.erasedAt) return undefined;
  const { from, to, cc, bcc, subject = "", text, html, inReplyTo = "" } = sent;
  return {
    ...{ from: from.value, to, cc, bcc, subject, text, html },
    ...(isMessageId.test(inReplyTo) ? { inReplyTo, references: [inReplyTo] } : {}),
    attachments: await filesOf(bus, sent),
  };
}

async function filesOf(bus: Broker, { attachments }: KeptInteraction): Promise<LetterFile[]> {
  const files: LetterFile[] = [];
  for (const { id, name: filename, contentType, size, deletedAt } of attachments) {
    if (deletedAt) continue;
    const content = await wholeFile((...asked) => bus.call(...asked), id, size);
    files.push({ filename, contentType, content });
  }
  return files;
}

const lost = "What it was to say is not there any more";

const queue: MailQueue<Outgoing> = {
  take: store.take,
  handOver: store.handOver,

  async settle(id, claim, outcome, now) {
    if (outcome.state === "queued") {
      await putOff(id, claim, outcome);
      return;
    }
    const { state, fault } = outcome;
    const progress = {
      state,
      ...(fault ? { failure: fault } : {}),
      ...(state === "sent" ? { sentAt: now } : {}),
    };
    await settleBySystem(id, progress, ({ session }) => store.isMine(id, claim, session));
  },

  drop: (id, claim) =>
    settleBySystem(id, { state: "failed", failure: lost }, ({ session }) =>
      store.isMine(id, claim, session),
    ),

  async recover(before, now) {
    await store.release(before, now);
    const failure = "The process ended while the mail was handed over";
    for (const id of await store.handedOver(before, 100)) {
      await settleBySystem(id, { state: "uncertain", failure }, ({ session }) =>
        store.isStuck(id, before, session),
      );
    }
  },
};

const putOff = (id: string, claim: string, { nextAt, fault = "" }: Settled): Promise<void> =>
  write("channels", { meta: { actor: system } }, async ({ session }) => {
    if (!(await store.isMine(id, claim, session))) return;
    await store.putOff(id, { nextAt, failure: fault }, session);
  });
