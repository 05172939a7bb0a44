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

interface State {
  wanted: Wanted;
  asked: Asked;
  /** Whether the verifier of the last code was the one of its challenge. */
  verified: boolean;
}

export async function startProvider(clientId: string) {
  const pair = await generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const state: State = { wanted: {}, asked: { nonce: "", challenge: "" }, verified: false };
  const server = createServer((request, response) => {
    void answer(request, response, {
      "/.well-known/openid-configuration": () => metadataOf(issuer),
      "/jwks": () => ({ keys: [jwk] }),
      "/userinfo": () => ({ sub: "s1", ...state.wanted.userInfo }),
      "/token": (body) => tokens(state, body, { iss: issuer, aud: clientId }, pair.privateKey),
    });
    if (request.url === "/token") response.statusCode = state.wanted.status ?? 200;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  const visit = (address: string, wanted: Wanted) => visited(state, address, wanted);
  return { issuer, state, publicKey: pair.publicKey, visit, stop };
}

/** Takes the address that a browser was sent to, and answers what it brings back. */
function visited(state: State, address: string, wanted: Wanted) {
  const asked = new URL(address).searchParams;
  const [nonce, challenge] = [asked.get("nonce") ?? "", asked.get("code_challenge") ?? ""];
  Object.assign(state, { wanted, asked: { nonce, challenge } });
  return { state: asked.get("state") ?? "", code: "c1" };
}

type Pages = Record<string, (body: URLSearchParams) => object | Promise<object>>;

async function answer(request: IncomingMessage, response: ServerResponse, pages: Pages) {
  const body = await text(request);
  const page = pages[request.url?.split("?")[0] ?? ""];
  response.setHeader("content-type", "application/json");
  if (!page) response.statusCode = 404;
  response.end(JSON.stringify((await page?.(new URLSearchParams(body))) ?? {}));
}

type Key = Parameters<SignJWT["sign"]>[0];

async function tokens(state: State, body: URLSearchParams, from: Claims, key: Key) {
  const { wanted, asked } = state;
  const challenge = createHash("sha256").update(body.get("code_verifier") ?? "");
  state.verified = challenge.digest("base64url") === asked.challenge;
  const now = Math.floor(Date.now() / 1_000);
  const usual = { ...from, sub: "s1", iat: now, exp: now + 60, nonce: asked.nonce };
  const { sign = (all: Claims) => signed(all, key) } = wanted;
  const idToken = await sign({ ...usual, ...wanted.claims });
  return { access_token: "a", token_type: "Bearer", expires_in: 60, id_token: idToken };
}

export const signed = (claims: Claims, key: Key, alg = "RS256") =>
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
