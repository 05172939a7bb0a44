/** Where sign-ins are kept that are with the provider, until the browser comes back with them. */
import { id, instant, secret, text, type Received } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

type Journey = Omit<Received<typeof Journey>, "id">;
const Journey = {
  id,
  /** The digest of the browser's own secret: only where it began may it end. */
  browser: text(64),
  nonce: secret(),
  verifier: secret(),
  expiresAt: instant,
};

const journeys = collection("identity", "oidcJourneys", Journey, [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]);

export const begin = (digest: string, journey: Journey) =>
  journeys.native().insertOne({ _id: digest, ...journey });

/** Ends a journey, once. */
export const end = (digest: string, now: Date): Promise<Journey | null> =>
  journeys.native().findOneAndDelete({ _id: digest, expiresAt: { $gt: now } });
