import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import type { Broker } from "#shared/bus.ts";
import type { User } from "#shared/contracts/identity.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import { anEmail, aUser, by } from "../builders.ts";
import identity from "../identity.service.ts";
import { signed, startProvider, type Wanted } from "./provider.samples.ts";

const clientId = "casewire";
const secret = "a-client-secret-that-is-long-enough";
const provider = await startProvider(clientId);
Object.assign(process.env, {
  OIDC_ISSUER: provider.issuer,
  OIDC_CLIENT_ID: clientId,
  OIDC_CLIENT_SECRET: secret,
  OIDC_REDIRECT_URL: "https://desk.example/back",
});
afterAll(() => provider.stop());

const failed = { code: 401, message: "The sign-in at the provider did not work" };

let bus: Broker;
let user: User;
beforeEach(async () => {
  bus = await startBus(identity);
  user = await aUser(bus);
});

const vouched = (email = user.email) => ({ email, email_verified: true });

/** Goes to the provider and comes back with its answer. */
async function journey(wanted: Wanted, more: object = {}) {
  const { url, browser } = await bus.call("identity.startOidc", {});
  const back = provider.visit(url, wanted);
  return bus.call("identity.finishOidc", { ...back, browser, ...more });
}

test("F225: a user signs in at the provider, by the e-mail that it vouches for", async () => {
  const signedIn = await journey({ claims: vouched(user.email.toUpperCase()) });

  expect(signedIn).toMatchObject({ expiresIn: 600, user: { id: user.id } });
  expect(provider.state.verified).toBe(true);
  const caller = await by(bus, signedIn.accessToken);
  const { items } = await bus.call("identity.listMySessions", {}, caller);
  expect(items).toMatchObject([{ by: "oidc", isCurrent: true }]);
});

test("F225: the provider is asked for what it needs, and no secret goes by the browser", async () => {
  const { url } = await bus.call("identity.startOidc", {});

  const asked = Object.fromEntries(new URL(url).searchParams);
  expect(url.startsWith(`${provider.issuer}/authorize?`)).toBe(true);
  expect(asked).toMatchObject({
    client_id: clientId,
    response_type: "code",
    redirect_uri: "https://desk.example/back",
    scope: "openid email profile",
    code_challenge_method: "S256",
  });
  for (const name of ["state", "nonce", "code_challenge"]) {
    expect(asked[name]?.length).toBeGreaterThanOrEqual(43);
  }
  expect(url).not.toContain(secret);
});

test("F225: an e-mail that stands only in the user info counts as well", async () => {
  const signedIn = await journey({ userInfo: vouched() });

  expect(signedIn.user.id).toBe(user.id);
});

const seconds = () => Math.floor(Date.now() / 1_000);
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const hmac = (claims: Record<string, unknown>, key: string) =>
  new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(key));

const wrong: Record<string, () => Wanted> = {
  "another issuer": () => ({ claims: { ...vouched(), iss: "https://other.example" } }),
  "another audience": () => ({ claims: { ...vouched(), aud: "somebody-else" } }),
  "another nonce": () => ({ claims: { ...vouched(), nonce: "another" } }),
  "no nonce": () => ({ claims: { ...vouched(), nonce: undefined } }),
  expired: () => ({ claims: { ...vouched(), exp: seconds() - 60 } }),
  "algorithm none": () => ({
    sign: (claims) => `${encoded({ alg: "none" })}.${encoded({ ...claims, ...vouched() })}.`,
  }),
  "HS256 with the client's secret": () => ({
    sign: (claims) => hmac({ ...claims, ...vouched() }, secret),
  }),
  "HS256 with the provider's public key": () => ({
    sign: async (claims) => hmac({ ...claims, ...vouched() }, await exportSPKI(provider.publicKey)),
  }),
  "a key that is not the provider's": () => ({
    sign: async (claims) =>
      signed({ ...claims, ...vouched() }, (await generateKeyPair("RS256")).privateKey),
  }),
  "no token": () => ({ sign: () => "x" }),
  "a code that the provider refuses": () => ({ status: 400 }),
  "an e-mail that is not verified": () => ({
    claims: { ...vouched(), email_verified: false },
  }),
  "an e-mail that is verified as a text": () => ({
    claims: { ...vouched(), email_verified: "true" },
  }),
  "no e-mail": () => ({}),
  "user info of somebody else": () => ({ userInfo: { ...vouched(), sub: "s2" } }),
  "an e-mail that nobody here has": () => ({ claims: vouched(anEmail()) }),
};

test.each(Object.entries(wrong))(
  "Passwords, tokens: a sign-in at the provider is refused like any other: %s",
  async (_, wanted) => {
    await expect(journey(wanted())).rejects.toMatchObject(failed);
  },
);

test("Passwords, tokens: a disabled user is refused at the provider, too", async () => {
  const change = { id: user.id, version: 1, disabled: true };
  await bus.call("identity.changeUser", change, as("administrator"));

  await expect(journey({ claims: vouched() })).rejects.toMatchObject(failed);
});

test("Passwords, tokens: a sign-in at the provider ends once, and in the browser that began it", async () => {
  const { url, browser } = await bus.call("identity.startOidc", {});
  const back = provider.visit(url, { claims: vouched() });
  await bus.call("identity.finishOidc", { ...back, browser });

  const twice = bus.call("identity.finishOidc", { ...back, browser });
  await expect(twice).rejects.toMatchObject(failed);
  await expect(journey({ claims: vouched() }, { browser: "other" })).rejects.toMatchObject(failed);
  const without = journey({ claims: vouched() }, { browser: undefined });
  await expect(without).rejects.toMatchObject(failed);
  await expect(journey({ claims: vouched() }, { state: "x" })).rejects.toMatchObject(failed);
  await expect(journey({ claims: vouched() }, { code: undefined })).rejects.toMatchObject(failed);
});

test("Passwords, tokens: a sign-in at the provider has ten minutes", async () => {
  const { url, browser } = await bus.call("identity.startOidc", {});
  const back = provider.visit(url, { claims: vouched() });
  const journeys = nativeOf<{ expiresAt: Date }>(database("identity"), "oidcJourneys");
  await journeys.updateMany({}, { $set: { expiresAt: new Date() } });

  const late = bus.call("identity.finishOidc", { ...back, browser });

  await expect(late).rejects.toMatchObject(failed);
});

test("a provider in trouble is 503, and the same may work later", async () => {
  await expect(journey({ status: 503 })).rejects.toMatchObject({ code: 503 });
});
