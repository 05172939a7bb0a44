/** Access tokens: short-lived JWTs (RFC 9068) signed with the installation's own Ed25519 key. */
import { exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type CryptoKey } from "jose";
import { keepSigningKey } from "./signing-key.store.ts";

/** Seconds that an access token is good for. */
export const goodForSeconds = 600;

const algorithm = "EdDSA";
const type = "at+jwt";
const issuer = "casewire/identity";
const audience = "casewire/api";

/** Whose token it is, and of which session. */
export interface Bearer {
  userId: string;
  sessionId: string;
}

interface Keys {
  sign: CryptoKey;
  verify: CryptoKey;
}

let keys: Promise<Keys> | undefined;

/** Reads the key pair, or makes it at the very first start. */
export function signingKeys(): Promise<Keys> {
  keys ??= loadKeys().catch((error: unknown) => {
    keys = undefined;
    throw error;
  });
  return keys;
}

async function loadKeys(): Promise<Keys> {
  const { privateKey, publicKey } = await keepSigningKey(async () => {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    return {
      privateKey: await exportJWK(pair.privateKey),
      publicKey: await exportJWK(pair.publicKey),
    };
  });
  return {
    sign: (await importJWK(privateKey, algorithm)) as CryptoKey,
    verify: (await importJWK(publicKey, algorithm)) as CryptoKey,
  };
}

export async function newAccessToken({ userId, sessionId }: Bearer): Promise<string> {
  const { sign } = await signingKeys();
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: algorithm, typ: type })
    .setSubject(userId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${goodForSeconds}s`)
    .sign(sign);
}

/** Who bears a token; nobody where it is not ours, not for us, expired or malformed. */
export async function bearerOf(token: string): Promise<Bearer | undefined> {
  const { verify } = await signingKeys();
  const read = await jwtVerify<{ sid: unknown }>(token, verify, {
    algorithms: [algorithm],
    typ: type,
    issuer,
    audience,
    requiredClaims: ["sub", "sid", "exp"],
  }).catch(() => undefined);
  const { sub, sid } = read?.payload ?? {};
  return sub && typeof sid === "string" ? { userId: sub, sessionId: sid } : undefined;
}
