/** A forgotten password: a new one by a link that comes by e-mail. */
import { actions } from "../../contract.ts";
import { email, nullable, record, secret } from "../../fields.ts";
import { Letter } from "../notifications/mails.ts";
import { password } from "./user.ts";

export const passwordResetActions = actions({
  requestPasswordReset: {
    rest: "POST /auth/password-reset",
    needs: "nobody",
    status: 202,
    says: "Sends a link for a new password; the answer is the same whether there is such a user.",
    params: { email },
  },
  resetPassword: {
    rest: "POST /auth/password-reset/confirm",
    needs: "nobody",
    status: 204,
    says: "Sets a new password with the token of the e-mail, once; all sessions of the user end.",
    params: { token: secret(400), newPassword: password },
  },
  /**
   * The e-mail for a reset that was asked for with this address, each time with a token of its own;
   * null where nobody is to get it.
   */
  composePasswordReset: { params: { to: email }, returns: nullable(record(Letter)) },
});
