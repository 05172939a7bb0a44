/** Identity: users, their roles and sessions, and the keys of connectors. */
import { announcer } from "#shared/events/personal-changes.ts";
import { runJobs, stopJobs } from "#shared/jobs.ts";
import { implement } from "#shared/service.ts";
import { signingKeys } from "./access-token.ts";
import { agentStates, noteEntered } from "./agent-states.ts";
import { board } from "./board.ts";
import { channelKeys } from "./channel-keys.ts";
import { giveUpEnded } from "./connections.ts";
import { makeFirstAdministrator } from "./first-start.ts";
import { me } from "./me.ts";
import { oidc } from "./oidc/oidc.ts";
import { ownPassword } from "./own-password.ts";
import { nobodys } from "./password.ts";
import { passwordReset } from "./password-reset.ts";
import { ownSessions } from "./sessions.ts";
import { makeFirstPauseReasons, pauseReasons } from "./pause-reasons.ts";
import { startSweeping } from "./presence-sweeper.ts";
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
    ...oidc,
    ...agentStates,
    ...board,
    ...pauseReasons,
    verify: ({ params: { token, quietly } }) => verify(token, quietly),
  },

  events: {
    "identity.sessionsRevoked": ({ data: { userId } }, tx) => giveUpEnded(tx, userId),
    "cases.entered": ({ data, at }, tx) => noteEntered(tx, data, at),
    "cases.left": ({ data, at }, tx) => noteEntered(tx, data, at),
  },

  async started() {
    await Promise.all([signingKeys(), nobodys(), makeFirstAdministrator(this.logger)]);
    await makeFirstPauseReasons();
    runJobs(this, startSweeping(this.logger));
  },

  stopped() {
    return stopJobs(this);
  },
});
