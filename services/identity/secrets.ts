/** Secrets that we hand out and keep only as digests: refresh tokens and connector keys. */
import { createHash, randomBytes } from "node:crypto";

/** What a connector's key begins with, so that it is told from a token, and found when leaked. */
export const keyPrefix = "cwk_";

/** 256 random bits. */
export const newSecret = (prefix = ""): string => prefix + randomBytes(32).toString("base64url");

/** What is kept of a secret. SHA-256 will do: nobody guesses 256 bits. */
export const digestOf = (secret: string): string =>
  createHash("sha256").update(secret).digest("base64url");
