/**
 * Hints: broadcasts that may be lost, for whoever keeps something for a few seconds to be right
 * sooner. What must not be lost is a domain event.
 */

/** Somebody lost an access: forget what `identity.verify` said of them. */
export const accessRevoked = "identity.revoked";

/** Whose: a session's, all of a user's, or a connector key's. */
export interface AccessRevoked {
  sessionId?: string;
  userId?: string;
  keyId?: string;
}

/** Something happened that live streams tell of: whoever shows it looks again. */
export const happened = "live.happened";

export interface Happened {
  /** What it happened to, such as `case:0190…`. */
  topics: string[];
}

/** The topic of a case. */
export const topicOfCase = (caseId: string): string => `case:${caseId}`;
/** What concerns one user alone, such as the own notifications. */
export const topicOfUser = (userId: string): string => `user:${userId}`;

interface Broadcaster {
  broadcast(event: string, payload: Happened): Promise<unknown>;
}

/** Wakes the streams of these topics, on whatever replica; where it does not arrive they look anyway. */
export function hint(broker: Broadcaster, ...topics: string[]): void {
  if (topics.length === 0) return;
  broker.broadcast(happened, { topics }).catch(() => undefined);
}
