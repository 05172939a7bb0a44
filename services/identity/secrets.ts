/** Secrets that we hand out and keep only as digests, or sealed: tokens, links and connector keys. */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

/** What a connector's key begins with, so that it is told from a token, and found when leaked. */
export const keyPrefix = "cwk_";

export { digestOf, newSecret } from "#shared/secrets.ts";

const cipher = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;

/** Only the secret itself opens, not its digest, which we keep. */
const keyOf = (secret: string): Buffer => createHmac("sha256", secret).update("seal").digest();

/** A text that may be kept: only who brings the secret `by` can read it. */
export function sealed(plain: string, by: string): string {
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv(cipher, keyOf(by), iv);
  const body = Buffer.concat([sealing.update(plain), sealing.final()]);
  return Buffer.concat([iv, sealing.getAuthTag(), body]).toString("base64url");
}

/** What was sealed by the same secret. */
export function unsealed(kept: string, by: string): string {
  const bytes = Buffer.from(kept, "base64url");
  const opening = createDecipheriv(cipher, keyOf(by), bytes.subarray(0, ivBytes));
  opening.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  const body = bytes.subarray(ivBytes + tagBytes);
  return Buffer.concat([opening.update(body), opening.final()]).toString();
}
