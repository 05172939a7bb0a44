/** Secrets and signatures of webhooks, as Standard Webhooks has them. */
import { createHmac, randomBytes } from "node:crypto";

const prefix = "whsec_";

/** A new secret of 256 bits. */
export const newSecret = (): string => prefix + randomBytes(32).toString("base64");

/** The headers that a receiver verifies a call by: who sent it, when, and that it is whole. */
export function signed(
  { id, body, secret }: { id: string; body: string; secret: string },
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.slice(prefix.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${signature}`,
  };
}
