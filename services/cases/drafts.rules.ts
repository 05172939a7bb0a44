/** Drafts: which may be kept over which (B12). Pure. */
import { conflict, stale, versionNeeded } from "#shared/errors.ts";

/** What one user may have begun at once. */
export const mostDrafts = 200;

/** @throws 409 TOO_MANY_DRAFTS */
export function requireRoom(count: number): void {
  if (count < mostDrafts) return;
  throw conflict("TOO_MANY_DRAFTS", "You have begun too much; clear some drafts first", {
    limit: mostDrafts,
  });
}

/**
 * Refuses a draft that does not follow the one that is there. Where the last one was sent or
 * cleared a new one begins without a version; a machine that still names one comes too late.
 * @throws 428 VERSION_NEEDED; 412 STALE_VERSION
 */
export function requireNext(there: There | undefined, version: number | undefined): void {
  const current = there?.content === undefined ? undefined : there.version;
  if (version === current) return;
  throw version === undefined ? versionNeeded() : stale("draft", "", there?.version ?? 0);
}

/** A draft, or the version that is left of one that was sent or cleared. */
interface There {
  version: number;
  content?: string | undefined;
}
