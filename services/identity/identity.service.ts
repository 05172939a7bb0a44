/** Identity: users, their roles and sessions, and the keys of connectors. */
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import { signingKeys } from "./access-token.ts";
import { channelKeys } from "./channel-keys.ts";
import { makeFirstAdministrator } from "./first-start.ts";
import { mails } from "./mail/mails.ts";
import { sendMails, stopSending } from "./mailing.ts";
import { me } from "./me.ts";
import { oidc } from "./oidc/oidc.ts";
import { ownPassword } from "./own-password.ts";
import { nobodys } from "./password.ts";
import { passwordReset } from "./password-reset.ts";
import { ownSessions } from "./sessions.ts";
import { signingIn } from "./sign-in.ts";
import { userActions } from "./users.ts";
import { verify } from "./verify.ts";

export default implement("identity", {
  actions: {
    ...announcer("identity"),
    ...signingIn,
    ...me,
    ...userActions,
    ...channelKeys,
    ...ownSessions,
    ...ownPassword,
    ...passwordReset,
    ...mails,
    ...oidc,
    verify: (ctx) => verify(ctx.params.token),
  },

  async started() {
    await Promise.all([signingKeys(), nobodys(), makeFirstAdministrator(this.logger)]);
    sendMails(this);
  },
  async stopped() {
    await stopSending(this);
  },
});
