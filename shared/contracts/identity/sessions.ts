/** The signed-in user's own sessions and password. */
import { actions } from "../../contract.ts";
import { id, instant, oneOf, optional, secret, text, yesNo, type Received } from "../../fields.ts";
import { page, paging } from "../common.ts";
import { password } from "./user.ts";

export type OwnSession = Received<typeof OwnSession>;
export const OwnSession = {
  id,
  createdAt: instant,
  /** When it was last refreshed. */
  refreshedAt: instant,
  /** When it ends, unless it is refreshed. */
  expiresAt: instant,
  /** How the user signed in. */
  by: oneOf("password", "oidc"),
  /** The network address that it began from, where it is known. */
  address: optional(text(64)),
  /** Whether it is the one that asks. */
  isCurrent: yesNo,
};

export const sessionActions = actions({
  listMySessions: {
    rest: "GET /me/sessions",
    needs: "anybody",
    says: "The signed-in user's sessions, the newest first.",
    params: paging,
    returns: page(OwnSession),
  },
  endMySession: {
    rest: "DELETE /me/sessions/:id",
    needs: "anybody",
    says: "Ends one of the signed-in user's sessions.",
    params: { id },
  },
  changeMyPassword: {
    rest: "PUT /me/password",
    needs: "anybody",
    status: 204,
    says: "Changes the signed-in user's own password; all other sessions end.",
    params: { currentPassword: secret(), newPassword: password },
  },
});
