/** Where the key pair of the access tokens is kept: one for all replicas. */
import type { JWK } from "jose";
import { database } from "#shared/mongo/connection.ts";
import { isDuplicate, nativeOf } from "#shared/mongo/store.ts";

export interface KeyPair {
  privateKey: JWK;
  publicKey: JWK;
}

const only = "accessTokens";
const pairs = () => nativeOf<KeyPair & { _id: string }>(database("identity"), "signingKeys");

/** The pair that is kept, or else the one made now; replicas that start together agree on one. */
export async function keepSigningKey(make: () => Promise<KeyPair>): Promise<KeyPair> {
  const kept = await pairs().findOne({ _id: only });
  if (kept) return kept;
  try {
    const made = { _id: only, ...(await make()), createdAt: new Date() };
    await pairs().insertOne(made);
    return made;
  } catch (error) {
    const meanwhile = isDuplicate(error) ? await pairs().findOne({ _id: only }) : null;
    if (meanwhile) return meanwhile;
    throw error;
  }
}
