/** Makes notifications, and e-mails, of what happened to cases (F087, F121, F230-F232). */
import type { Service } from "moleculer";
import { config } from "#shared/config.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { hint, topicOfUser } from "#shared/hints.ts";
import * as mails from "./mail/mails.store.ts";
import {
  isFresh,
  mailedOf,
  ofAssigned,
  ofMailRequest,
  ofReminder,
  ofRule,
  ofTransferred,
  type Notice,
} from "./notices.rules.ts";
import * as store from "./notifications.store.ts";
import * as recipients from "./recipients.store.ts";

const dayMs = 86_400_000;

/** The same twice is as once: what an event makes is kept under the event's id. */
export const telling = {
  async "cases.assigned"(this: Service, events: DomainEvent<"cases.assigned">[]) {
    await tell(this, events.flatMap(ofAssigned));
  },

  async "cases.transferred"(this: Service, events: DomainEvent<"cases.transferred">[]) {
    await tell(this, events.flatMap(ofTransferred));
  },

  async "cases.reminderDue"(this: Service, events: DomainEvent<"cases.reminderDue">[]) {
    await tell(this, events.flatMap(ofReminder));
  },

  async "automation.notified"(this: Service, events: DomainEvent<"automation.notified">[]) {
    await tell(this, events.flatMap(ofRule));
  },

  async "automation.mailRequested"(events: DomainEvent<"automation.mailRequested">[]) {
    if (!config().SMTP_URL) return;
    const now = new Date();
    const fresh = events.map(ofMailRequest).filter((one) => isFresh(one, now));
    const out = await recipients.disabledAmong(fresh.map(({ userId }) => userId));
    const wanted = fresh.filter(({ userId }) => !out.has(userId));
    await mails.add(
      "ruleMail",
      wanted.map(({ at: _at, ...mail }) => mail),
      now,
    );
  },

  async "identity.userChanged"(events: DomainEvent<"identity.userChanged">[]) {
    await recipients.learn(
      events.map(({ data: { id, disabled }, aggregate: { version } }) => ({
        id,
        version,
        disabled,
      })),
    );
  },
};

/** Tells users, but none who is disabled, and wakes those who listen. */
async function tell({ broker }: Service, all: readonly Notice[]): Promise<void> {
  if (all.length === 0) return;
  const out = await recipients.disabledAmong(all.map(({ userId }) => userId));
  const notices = all.filter(({ userId }) => !out.has(userId));
  const now = new Date();
  if (config().SMTP_URL) {
    const letters = mailedOf(notices, now);
    await mails.add(
      "caseTransferred",
      letters.map(({ id, userId, caseId }) => ({ id, userId, caseId })),
      now,
    );
  }
  const keptUntil = new Date(now.getTime() + config().NOTIFICATION_RETENTION_DAYS * dayMs);
  const told = await store.keep(notices, keptUntil);
  if (told.length > 0) hint(broker, ...told.map(topicOfUser));
}
