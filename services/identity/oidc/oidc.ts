/** Signing in with a provider of OpenID Connect: for users who are there, by their e-mail. */
import { randomNonce, randomPKCECodeVerifier } from "openid-client";
import { isRefusal, notFound, unauthorized } from "#shared/errors.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { digestOf, newSecret } from "../secrets.ts";
import { beginSession } from "../sessions.ts";
import * as users from "../users.store.ts";
import * as store from "./oidc.store.ts";
import { addressFor, emailOf, issuer } from "./provider.ts";

/** As long as somebody may take to sign in at the provider. */
const journeyMs = 10 * 60_000;

export const oidc: Pick<ActionHandlers<"identity">, "startOidc" | "finishOidc"> = {
  async startOidc() {
    const at = requireIssuer();
    const [state, browser] = [newSecret(), newSecret()];
    const [nonce, verifier] = [randomNonce(), randomPKCECodeVerifier()];
    const url = await addressFor(at, { state, nonce, verifier });
    const expiresAt = new Date(Date.now() + journeyMs);
    await store.begin(digestOf(state), { browser: digestOf(browser), nonce, verifier, expiresAt });
    return { url, browser };
  },

  /** Whatever is wrong, the answer is the same; the log says more, but neither who nor by what. */
  async finishOidc(ctx) {
    const at = requireIssuer();
    const { state, browser, code, iss } = ctx.params;
    const journey = await store.end(digestOf(state), new Date());
    if (!journey || !browser || digestOf(browser) !== journey.browser) throw failed();
    if (code === undefined) throw failed();
    const email = await emailOf(at, { code, iss }, { state, ...journey }).catch(
      (error: unknown) => {
        if (isRefusal(error)) throw error;
        const { name, code: why } = error as { name?: unknown; code?: unknown };
        ctx.broker.logger.warn("A sign-in by the provider was refused", { name, why });
        throw failed();
      },
    );
    const account = email === undefined ? undefined : await users.findByEmail(email);
    if (!account || account.disabled) throw failed();
    return beginSession(account, ctx, "oidc");
  },
};

function requireIssuer(): string {
  const at = issuer();
  if (!at) throw notFound("sign-in provider", "");
  return at;
}

const failed = () => unauthorized("The sign-in at the provider did not work");
