/** What a file is taken for, and who may claim it. */
import type { Change } from "#shared/contracts/common.ts";
import type { Answer } from "#shared/bus.ts";
import { conflict, notFound, readOnly } from "#shared/errors.ts";

/** The content's type where it is unknown or better not shown. */
const unknownType = "application/octet-stream";

/** Types without a signature that are taken at the sender's word, if the content reads as text. */
const harmlessText = new Set(["text/plain", "text/csv", "application/json"]);

/** Formats that are packed in another one: what the wrapping says, and what may be inside. */
const packed: Record<string, RegExp> = {
  "application/zip":
    /^application\/vnd\.(openxmlformats-officedocument|oasis\.opendocument)\.[\w.-]+$/,
  "application/x-cfb": /^application\/(msword|vnd\.ms-(excel|powerpoint|outlook))$/,
};

/** What a browser would run or lay out, whatever it is called. */
const active = /^(text\/|.*(html|xml|svg|javascript|ecmascript|shockwave))/;

/**
 * The type to keep with a file: told by its content, never by its sender alone, and never one that
 * a browser would run (promises, "Content that attacks").
 */
export function contentTypeOf(content: {
  /** What the first bytes show, if they show anything. */
  detected: string | undefined;
  declared: string | undefined;
  readsAsText: boolean;
}): string {
  const declared = essence(content.declared);
  const detected = essence(content.detected);
  if (!detected) {
    return content.readsAsText && harmlessText.has(declared) ? declared : unknownType;
  }
  if (packed[detected]?.test(declared)) return declared;
  return active.test(detected) ? unknownType : detected;
}

/** A media type without its parameters, in lower case. */
const essence = (type = ""): string => (type.split(";")[0] ?? "").trim().toLowerCase();

export interface Owner {
  ownerKind: string;
  ownerId: string;
  caseId?: string;
  customerId?: string;
}

/** A file as far as claiming goes. */
interface Claimable extends Partial<Owner> {
  id: string;
}

/**
 * Refuses a claim to a file that is not there or that another has claimed.
 * @throws 404 NOT_FOUND · 409 FILE_CLAIMED
 */
export function mayClaim(files: readonly Claimable[], ids: readonly string[], owner: Owner): void {
  const byId = new Map(files.map((file) => [file.id, file]));
  for (const id of ids) {
    const file = byId.get(id);
    if (!file) throw notFound("file", id);
    if (!file.ownerId) continue;
    if (file.ownerKind !== owner.ownerKind || file.ownerId !== owner.ownerId) {
      throw conflict("FILE_CLAIMED", "The file belongs to something else already", { id });
    }
  }
}

/** What a claim changes of a file; nothing where it only says again what is known. */
export const changesOf = (file: Claimable, owner: Owner): Change[] =>
  (["ownerKind", "ownerId", "caseId", "customerId"] as const).flatMap((field) =>
    owner[field] === undefined || owner[field] === file[field]
      ? []
      : [{ field, old: file[field] ?? null, new: owner[field] }],
  );

/** Files that users may attach to one case. */
export const mostAttached = 500;

/**
 * Refuses one more file where users have attached as many to the case as they may.
 * @throws 409 ATTACHMENTS_FULL
 */
export function requireRoom(used: { count: number; bytes: number }, maxBytes: number): void {
  if (used.count < mostAttached && used.bytes < maxBytes) return;
  throw conflict("ATTACHMENTS_FULL", "This case has as many attachments as it may", {
    limit: mostAttached,
    limitBytes: maxBytes,
  });
}

/**
 * Refuses to add to, or take from, the files of a case that is only to be read, or that is closed
 * (F125, D04).
 * @param kase what the user may do with the file's case, where it has one
 * @throws 403 READ_ONLY · 409 CASE_CLOSED
 */
export function mayChange(kase: Answer<"cases.access"> | undefined): void {
  if (kase?.readOnly) throw readOnly("case", kase.id);
  if (kase?.closed) {
    throw conflict("CASE_CLOSED", `Case ${kase.number} is closed`, { number: kase.number });
  }
}
