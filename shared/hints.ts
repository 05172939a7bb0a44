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
