import { createHmac, generateKeyPairSync } from "node:crypto";
import { beforeEach, expect, test } from "@jest/globals";
import { exportSPKI, importJWK, SignJWT, type CryptoKey } from "jose";
import type { Broker } from "#shared/bus.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import { aUser, signIn } from "./builders.ts";
import identity from "./identity.service.ts";
import { keepSigningKey, type KeyPair } from "./signing-key.store.ts";

let bus: Broker;
let sub: string;
let sid: string;
let genuine: string;
let pair: KeyPair;
beforeEach(async () => {
  bus = await startBus(identity);
  const { id, email } = await aUser(bus);
  genuine = (await signIn(bus, email)).accessToken;
  const actor = await bus.call("identity.verify", { token: genuine });
  [sub, sid] = [id, actor.sessionId!];
  pair = await keepSigningKey(() => Promise.reject(new Error("There is no key pair")));
});

const verify = (token: string) => bus.call("identity.verify", { token });

const ours = async () => (await importJWK(pair.privateKey, "EdDSA")) as CryptoKey;

interface Token {
  typ?: string;
  iss?: string;
  aud?: string;
  exp?: string | number;
}

const claimed = ({
  typ = "at+jwt",
  iss = "casewire/identity",
  aud = "casewire/api",
  exp = "10m",
}: Token = {}) =>
  new SignJWT({ sid })
    .setProtectedHeader({ alg: "EdDSA", typ })
    .setSubject(sub)
    .setIssuer(iss)
    .setAudience(aud)
    .setIssuedAt()
    .setExpirationTime(exp);

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

const parts = () => {
  const [head = "", body = "", signature = ""] = genuine.split(".");
  return { head, body, signature };
};

const forgeries: Record<string, () => Promise<string> | string> = {
  "no token": () => "x",
  "three parts of nothing": () => "a.b.c",
  "alg none": () => `${encoded({ alg: "none", typ: "at+jwt" })}.${parts().body}.`,
  "HS256 with our public key": async () => {
    const key = (await importJWK(pair.publicKey, "EdDSA", { extractable: true })) as CryptoKey;
    const signed = `${encoded({ alg: "HS256", typ: "at+jwt" })}.${parts().body}`;
    const secret = await exportSPKI(key);
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  },
  "a key of its own": () => claimed().sign(generateKeyPairSync("ed25519").privateKey),
  "a key that it brings along": async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    return new SignJWT({ sid })
      .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", jwk: publicKey.export({ format: "jwk" }) })
      .setSubject(sub)
      .setIssuer("casewire/identity")
      .setAudience("casewire/api")
      .setExpirationTime("10m")
      .sign(privateKey);
  },
  "another audience": async () => claimed({ aud: "somebody/else" }).sign(await ours()),
  "another issuer": async () => claimed({ iss: "somebody/else" }).sign(await ours()),
  "another type of token": async () => claimed({ typ: "JWT" }).sign(await ours()),
  expired: async () => claimed({ exp: Math.floor(Date.now() / 1_000) - 1 }).sign(await ours()),
  "a changed body": () => {
    const { head, body, signature } = parts();
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as object;
    return `${head}.${encoded({ ...claims, sub: "somebody-else" })}.${signature}`;
  },
  "a user that is not the session's": async () => {
    sub = (await aUser(bus)).id;
    return claimed().sign(await ours());
  },
  "a session that never was": async () => {
    sid = "no-such-session";
    return claimed().sign(await ours());
  },
  "an unknown channel key": () => "cwk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "too long a token": () => "x".repeat(15_000),
};

test("a token that we would have made passes: the forgeries differ in one thing each", async () => {
  const token = await claimed().sign(await ours());

  await expect(verify(token)).resolves.toMatchObject({ id: sub, sessionId: sid });
});

test.each(Object.entries(forgeries))(
  "a forged token is refused like any other: %s",
  async (_, forge) => {
    const token = await forge();

    const refused = verify(token);

    await expect(refused).rejects.toMatchObject({
      code: 401,
      type: "UNAUTHORIZED",
      message: "The credentials are not valid",
    });
  },
);

test.each([
  ["a new role", { role: "supervisor" }],
  ["a new password", { password: "another good password" }],
  ["disabling", { disabled: true }],
] as const)("%s ends all sessions of the user", async (_, change) => {
  await bus.call("identity.changeUser", { id: sub, version: 1, ...change }, as("administrator"));

  await expect(verify(genuine)).rejects.toMatchObject({ code: 401 });
});

test("a new name leaves the sessions alone and is known at once", async () => {
  await bus.call("identity.changeUser", { id: sub, version: 1, name: "Bo" }, as("administrator"));

  await expect(verify(genuine)).resolves.toMatchObject({ name: "Bo" });
});
