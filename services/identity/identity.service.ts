/** Identity: users, their roles and sessions, and the keys of connectors. */
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import { signingKeys } from "./access-token.ts";
import { channelKeys } from "./channel-keys.ts";
import { makeFirstAdministrator } from "./first-start.ts";
import { me } from "./me.ts";
import { nobodys } from "./password.ts";
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
    verify: (ctx) => verify(ctx.params.token),
  },

  async started() {
    await Promise.all([signingKeys(), nobodys(), makeFirstAdministrator(this.logger)]);
  },
});
