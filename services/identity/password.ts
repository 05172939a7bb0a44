/** Passwords: kept as argon2id hashes, compared off the event loop in about 50 ms. */
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(argon2);

/** OWASP's choice for argon2id: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const hashBytes = 32;

/** The hash of a password with its salt and cost, in the PHC format `$argon2id$v=19$…`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const hash = await derived(password, nonce, cost, hashBytes);
  const { memory, passes, parallelism } = cost;
  const costs = `m=${memory},t=${passes},p=${parallelism}`;
  return `$argon2id$v=19$${costs}$${unpadded(nonce)}$${unpadded(hash)}`;
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

/** Whether a password is the one of a hash; without a hash it takes as long and is not. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const parts = phc.exec(hash ?? (await nobodys()));
  if (!parts) return false;
  const [, memory, passes, parallelism, salt = "", kept = ""] = parts;
  const costs = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  };
  const expected = Buffer.from(kept, "base64");
  const given = await derived(password, Buffer.from(salt, "base64"), costs, expected.length);
  return timingSafeEqual(given, expected) && hash !== undefined;
}

const derived = (password: string, nonce: Buffer, costs: typeof cost, tagLength: number) =>
  derive("argon2id", { message: password.normalize("NFKC"), nonce, tagLength, ...costs });

const unpadded = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

let dummy: Promise<string> | undefined;

/** A hash that no user has, so that a sign-in of nobody works as hard as one of somebody. */
export const nobodys = (): Promise<string> =>
  (dummy ??= hashPassword(randomBytes(16).toString("hex")));
