/** The OpenID Connect provider: where it takes sign-ins, and what it says of who came back. */
import { decodeProtectedHeader } from "jose";
import * as client from "openid-client";
import { config } from "#shared/config.ts";
import { unavailable } from "#shared/errors.ts";
import { isAllowedAlgorithm, verifiedEmail } from "./oidc.rules.ts";

/** Below what a request may take. */
const timeoutSeconds = 3;
/** After this the provider's metadata is read again. */
const freshMs = 3_600_000;

let known: { at: number; provider: Promise<client.Configuration> } | undefined;

/** @throws 503 UNAVAILABLE while the provider cannot be reached */
async function provider(issuer: string): Promise<client.Configuration> {
  if (!known || Date.now() - known.at > freshMs) {
    known = { at: Date.now(), provider: discover(issuer) };
  }
  try {
    return await known.provider;
  } catch (error) {
    known = undefined;
    throw isUnreachable(error) ? away() : error;
  }
}

function discover(issuer: string): Promise<client.Configuration> {
  const { OIDC_CLIENT_ID: id = "", OIDC_CLIENT_SECRET: secret } = config();
  const execute = [client.enableNonRepudiationChecks];
  // The settings allow an address without TLS on this machine only, for development and tests.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (issuer.startsWith("http:")) execute.push(client.allowInsecureRequests);
  const authentication = secret ? client.ClientSecretBasic(secret) : client.None();
  const options = { execute, timeout: timeoutSeconds };
  return client.discovery(new URL(issuer), id, {}, authentication, options);
}

/** The issuer that is set, if one is. */
export const issuer = (): string | undefined => config().OIDC_ISSUER;

const redirectUrl = (): string =>
  config().OIDC_REDIRECT_URL ??
  `${(config().PUBLIC_URL ?? "").replace(/\/$/, "")}/api/v1/auth/oidc/callback`;

export interface Journey {
  state: string;
  nonce: string;
  verifier: string;
}

/** Where the browser goes to sign in. */
export async function addressFor(at: string, { state, nonce, verifier }: Journey): Promise<string> {
  const url = client.buildAuthorizationUrl(await provider(at), {
    redirect_uri: redirectUrl(),
    scope: config().OIDC_SCOPES,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  return url.href;
}

/** What the browser brought back. */
export interface Answered {
  code: string;
  iss?: string | undefined;
}

/**
 * Trades the code for an ID token, checks that (signature by the provider's keys, algorithm,
 * issuer, audience, nonce, expiry), and answers the e-mail that the provider vouches for.
 * @throws 503 UNAVAILABLE while the provider cannot be reached; whatever is wrong otherwise
 */
export async function emailOf(
  at: string,
  answered: Answered,
  { state, nonce, verifier }: Journey,
): Promise<string | undefined> {
  const from = await provider(at);
  const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
  try {
    const tokens = await client.authorizationCodeGrant(from, backWith(state, answered), {
      ...checks,
      idTokenExpected: true,
    });
    return await vouchedEmail(from, tokens);
  } catch (error) {
    throw isUnreachable(error) ? away() : error;
  }
}

/** The address that the browser was sent back to, with what it brought. */
function backWith(state: string, { code, iss }: Answered): URL {
  const back = new URL(redirectUrl());
  const brought = { code, state, ...(iss === undefined ? {} : { iss }) };
  for (const [name, value] of Object.entries(brought)) back.searchParams.set(name, value);
  return back;
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

/** Many providers put the e-mail into the user info only. */
async function vouchedEmail(from: client.Configuration, tokens: Tokens) {
  const claims = tokens.claims();
  const { alg } = decodeProtectedHeader(tokens.id_token ?? "");
  if (!claims || !isAllowedAlgorithm(alg)) return undefined;
  if (claims["email"] !== undefined) return verifiedEmail(claims);
  return verifiedEmail(await client.fetchUserInfo(from, tokens.access_token, claims.sub));
}

const away = () => unavailable("The sign-in provider cannot be reached right now");

/** Whether nobody answered, or one who is in trouble, so that the same may work later. */
function isUnreachable(error: unknown): boolean {
  const { code, cause, name } = error as { code?: unknown; cause?: unknown; name?: unknown };
  if (code === "OAUTH_TIMEOUT" || code === "OAUTH_ABORT") return true;
  if (name === "TypeError" && (error as Error).message === "fetch failed") return true;
  const { status } = (cause ?? {}) as { status?: unknown };
  return typeof status === "number" && status >= 500;
}
