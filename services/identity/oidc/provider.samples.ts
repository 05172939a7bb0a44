/** A provider of OpenID Connect for tests that says whatever it is told to, also what is wrong. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

type Claims = Record<string, unknown>;

/** How the ID token that comes next is made. */
export interface Wanted {
  claims?: Claims;
  /** Signs the claims; otherwise the provider's own key does. */
  sign?: (claims: Claims) => Promise<string> | string;
  userInfo?: Claims;
  /** Answers the code with this status instead. */
  status?: number;
}

interface Asked {
  nonce: string;
  challenge: string;
}

export async function startProvider(clientId: string) {
  const pair = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const state: { wanted: Wanted; asked: Asked; verified: boolean } = {
    wanted: {},
    asked: { nonce: "", challenge: "" },
    verified: false,
  };
  const answers: Record<string, (body: URLSearchParams) => object | Promise<object>> = {
    "/.well-known/openid-configuration": () => metadataOf(issuer),
    "/jwks": () => ({ keys: [jwk] }),
    "/userinfo": () => ({ sub: "s1", ...state.wanted.userInfo }),
    "/token": async (body) => {
      const challenge = createHash("sha256").update(body.get("code_verifier") ?? "");
      state.verified = challenge.digest("base64url") === state.asked.challenge;
      const token = { access_token: "a", token_type: "Bearer", expires_in: 60 };
      return { ...token, id_token: await idToken() };
    },
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { url = "" } = request;
    const body = await text(request);
    const found = answers[url.split("?")[0] ?? ""];
    const status = url === "/token" ? (state.wanted.status ?? 200) : found ? 200 : 404;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(await found?.(new URLSearchParams(body))));
  }

  function idToken(): Promise<string> | string {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      ...{ iss: issuer, aud: clientId, sub: "s1", iat: now, exp: now + 60 },
      nonce: state.asked.nonce,
      ...state.wanted.claims,
    };
    const { sign = (all: Claims) => signed(all, pair.privateKey) } = state.wanted;
    return sign(claims);
  }

  return {
    issuer,
    state,
    publicKey: pair.publicKey,
    /** Takes the address that a browser was sent to, and answers what it brings back. */
    visit(address: string, wanted: Wanted) {
      const asked = new URL(address).searchParams;
      state.wanted = wanted;
      const [nonce, challenge] = [asked.get("nonce") ?? "", asked.get("code_challenge") ?? ""];
      state.asked = { nonce, challenge };
      return { state: asked.get("state") ?? "", code: "c1" };
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export const signed = (claims: Claims, key: Parameters<SignJWT["sign"]>[0], alg = "RS256") =>
  new SignJWT(claims).setProtectedHeader({ alg, kid: "k1" }).sign(key);

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  userinfo_endpoint: `${issuer}/userinfo`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  // a careless provider: what it lists is not what we take
  id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
});
