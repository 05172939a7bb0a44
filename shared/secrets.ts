/** Secrets that we hand out and keep only as digests. */
import { createHash, randomBytes } from "node:crypto";

/** 256 random bits. */
export const newSecret = (prefix = ""): string => prefix + randomBytes(32).toString("base64url");

/** What is kept of a secret. SHA-256 will do: nobody guesses 256 bits. */
export const digestOf = (secret: string): string =>
  createHash("sha256").update(secret).digest("base64url");
