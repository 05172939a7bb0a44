/** Notifications: what users are told in the app, live and by e-mail. */
import { announcer } from "#shared/events/personal-changes.ts";
import { stopJobs } from "#shared/jobs.ts";
import { implement } from "#shared/service.ts";
import { mails } from "./mail/mails.ts";
import { sendMails } from "./mailing.ts";
import { own } from "./own.ts";
import { telling } from "./telling.ts";

export default implement("notifications", {
  actions: {
    ...own,
    ...mails,
    ...announcer("notifications"),
  },

  eventsRepeatable: telling,

  started() {
    sendMails(this);
  },

  stopped() {
    return stopJobs(this);
  },
});
