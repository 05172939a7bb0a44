/** Identity: users, their roles and sessions, and the keys of connectors. */
import { contract } from "../contract.ts";
import {
  email,
  id,
  instant,
  list,
  longText,
  nullable,
  optional,
  partial,
  record,
  secret,
  text,
  withDefault,
  yesNo,
  type Received,
} from "../fields.ts";
import { Actor, language, page, paging, version } from "./common.ts";
import { oidcActions, oidcDoors } from "./identity/oidc.ts";
import { passwordResetActions } from "./identity/password-reset.ts";
import { sessionActions } from "./identity/sessions.ts";
import { longestSignature, password, Preferences, role, SignedIn, User } from "./identity/user.ts";
import { AgentState, agentStateActions, agentStateEvents } from "./identity/agent-states.ts";
import { PauseReason, pauseReasonActions, pauseReasonEvents } from "./identity/pause-reasons.ts";
import { announcerActions } from "./privacy.ts";

export { longestSignature, SignedIn, User } from "./identity/user.ts";

/** A connector's key as it is listed: never the key itself. */
export type ChannelKey = Received<typeof ChannelKey>;
export const ChannelKey = { id, channelId: id, createdAt: instant, createdBy: optional(id) };

export const identity = contract({
  actions: {
    signIn: {
      rest: "POST /auth/sign-in",
      needs: "nobody",
      status: 200,
      says: "Signs a user in by e-mail and password.",
      params: { email, password: secret() },
      returns: record(SignedIn),
    },
    refresh: {
      rest: "POST /auth/refresh",
      needs: "nobody",
      status: 200,
      says: "Trades a refresh token for new tokens; each refresh token works once.",
      params: { refreshToken: secret(400) },
      returns: record(SignedIn),
    },
    signOut: {
      rest: "POST /auth/sign-out",
      needs: "anybody",
      status: 204,
      says: "Ends the session of the token that is sent.",
      params: {},
    },
    me: {
      rest: "GET /me",
      needs: "anybody",
      says: "The signed-in user, with what the user may do.",
      params: {},
      returns: record({ ...User, permissions: list(text(64)) }),
    },
    changeMe: {
      rest: "PATCH /me",
      needs: "anybody",
      says: "Changes the signed-in user's own campaign, signature, language or preferences (F229, F167, F075); a preference left out stays.",
      params: {
        currentCampaignId: optional(nullable(id)),
        signature: optional(nullable(longText(longestSignature))),
        language: optional(language),
        preferences: optional(record(partial(Preferences))),
      },
      returns: record({ ...User, permissions: list(text(64)) }),
    },
    createUser: {
      rest: "POST /users",
      needs: "users.manage",
      says: "Creates a user (F225).",
      params: { email, name: text(120), role, password, language: withDefault(language, "en") },
      returns: record(User),
    },
    listUsers: {
      rest: "GET /users",
      needs: "users.manage",
      says: "The users, by name.",
      params: {
        ...paging,
        role: optional(role),
        disabled: optional(yesNo),
        q: optional(text(100)),
      },
      returns: page(User),
    },
    getUser: {
      rest: "GET /users/:id",
      needs: "users.manage",
      says: "One user.",
      params: { id },
      returns: record(User),
    },
    changeUser: {
      rest: "PATCH /users/:id",
      needs: "users.manage",
      guarded: "required",
      says: "Changes a user; a new role, a new password or disabling ends all sessions.",
      params: {
        id,
        version,
        name: optional(text(120)),
        role: optional(role),
        password: optional(password),
        disabled: optional(yesNo),
        language: optional(language),
      },
      returns: record(User),
    },
    /** Several users at once, for those who show or check names; unknown ids are left out. */
    namesOf: {
      params: { ids: list(id, 500) },
      returns: list(record({ id, name: text(120), role, disabled: yesNo }), 500),
    },
    /** Where and how a user is written to; null for an unknown one, or one who is disabled. */
    recipientOf: {
      params: { id },
      returns: nullable(record({ id, email, name: text(120), role, language })),
    },
    /** Where these users are written to, for those who know users by their addresses. */
    addressesOf: {
      params: { ids: list(id, 500) },
      returns: list(record({ id, email }), 500),
    },
    createChannelKey: {
      params: { channelId: id },
      returns: record({ id, key: secret(200) }),
    },
    listChannelKeys: { params: { channelId: id }, returns: list(record(ChannelKey), 2) },
    revokeChannelKey: { params: { channelId: id, id } },
    /** Who holds this token or key. 401 where nobody does. */
    /** `quietly`: not as a sign of life of whoever holds the token. */
    verify: {
      params: { token: secret(16_000), quietly: optional(yesNo) },
      returns: record(Actor),
    },
    ...sessionActions,
    ...passwordResetActions,
    ...oidcActions,
    ...agentStateActions,
    ...pauseReasonActions,
    ...announcerActions,
  },
  doors: oidcDoors,
  events: {
    userCreated: { id, role },
    userChanged: { id, role, disabled: yesNo },
    /** A session ended or all of a user's did; a key was revoked. */
    sessionsRevoked: { userId: id },
    channelKeyCreated: { id, channelId: id },
    channelKeyRevoked: { id, channelId: id },
    ...agentStateEvents,
    ...pauseReasonEvents,
  },
  aggregates: {
    user: { ...User, password: secret() },
    channelKey: ChannelKey,
    session: { ended: text() },
    agent: AgentState,
    pauseReason: PauseReason,
  },
});
