/** Drafts: what a user is writing on a case, kept until it is sent, saved or cleared (F161-F164, B12). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  longText,
  oneOf,
  optional,
  personal,
  record,
  type Received,
} from "../../fields.ts";
import { version } from "../common.ts";

/** Of a message, or of the form of an activity. */
export type DraftKind = Received<{ kind: typeof draftKind }>["kind"];
export const draftKind = oneOf("message", "activity");

/** What the page needs to show the form again, such as its fields as JSON; nobody else reads it. */
const content = personal(longText(120_000, 1));

export type Draft = Received<typeof Draft>;
export const Draft = {
  caseId: id,
  kind: draftKind,
  content,
  version,
  createdAt: instant,
  updatedAt: instant,
  /** When it goes by itself unless it is saved again. */
  expiresAt: instant,
};

const place = { id, kind: draftKind };

export const draftActions = actions({
  getDraft: {
    rest: "GET /cases/:id/drafts/:kind",
    needs: "cases.read",
    says: "One's own draft on a case (F162, B12); 404 where there is none.",
    params: place,
    returns: record(Draft),
  },
  saveDraft: {
    rest: "PUT /cases/:id/drafts/:kind",
    needs: "cases.read",
    guarded: "checked",
    bodyLimit: 768 * 1024,
    says: "Keeps what is being written (F161, F164, B12). Over an earlier draft it needs `If-Match` (428); 412 where another machine was faster, or where the draft was sent or cleared meanwhile.",
    params: { ...place, version: optional(version), content },
    returns: record(Draft),
  },
  clearDraft: {
    rest: "DELETE /cases/:id/drafts/:kind",
    needs: "cases.read",
    status: 204,
    says: "Clears one's own draft (F163, F164). Again is as once.",
    params: place,
  },
});
