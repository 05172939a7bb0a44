/** Signing in with a provider of OpenID Connect, beside the password. */
import { actions, type Door } from "../../contract.ts";
import { record, secret, text, optional } from "../../fields.ts";
import { SignedIn } from "./user.ts";

export const oidcActions = actions({
  /** Where to send the browser, and the secret by which it is known when it comes back. */
  startOidc: { params: {}, returns: record({ url: text(4_000), browser: secret(100) }) },
  /** Takes what the provider answered by way of the browser. */
  finishOidc: {
    params: {
      browser: optional(secret(200)),
      state: secret(200),
      code: optional(secret(4_000)),
      iss: optional(text(500)),
    },
    returns: record(SignedIn),
  },
});

const said = optional(secret(4_000));

export const oidcDoors = {
  oidcStart: {
    rest: "GET /auth/oidc/start",
    needs: "nobody",
    status: 302,
    says: "Sends the browser to the OpenID Connect provider to sign in.",
    accepts: {},
  },
  oidcCallback: {
    rest: "GET /auth/oidc/callback",
    needs: "nobody",
    says: "Where the provider sends the browser back to; answers as sign-in does.",
    accepts: {
      state: secret(200),
      code: said,
      iss: optional(text(500)),
      error: optional(text(200)),
      // what providers add and nobody here needs
      error_description: said,
      error_uri: said,
      scope: said,
      session_state: said,
      authuser: said,
      prompt: said,
      hd: said,
    },
    returns: record(SignedIn),
  },
} as const satisfies Record<string, Door>;
