/** The types of documents that customers have, as administrators configure them (F001, G17). */
import { actions } from "../../contract.ts";
import {
  id,
  list,
  nullable,
  oneOf,
  optional,
  partial,
  record,
  text,
  whole,
  withDefault,
  word,
  yesNo,
  type Received,
} from "../../fields.ts";
import { trail, version } from "../common.ts";

/**
 * What numbers of a type look like: letters, digits and sets such as `[A-Z0-9]`, each with `?`,
 * `{n}` or `{n,m}`. The letters and digits of a number, in upper case, are compared with it.
 */
const numberPattern = word(
  /^(?:(?:\[(?:[A-Z0-9](?:-[A-Z0-9])?){1,36}\]|[A-Z0-9])(?:\?|\{\d{1,2}(?:,\d{1,2})?\})?)+$/,
  100,
);

const facts = {
  names: record({ en: text(80), es: text(80) }),
  kinds: list(oneOf("person", "company"), 2, 1),
  pattern: optional(nullable(numberPattern)),
  /** The place in lists, ascending. */
  order: withDefault(whole(0, 10_000), 0),
  /** A disabled one stays with whoever has it; nobody gets it anew. */
  enabled: withDefault(yesNo, true),
};

export type DocumentType = Received<typeof DocumentType>;
export const DocumentType = {
  id,
  code: word(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 20),
  ...facts,
  ...trail,
};

export type NewDocumentType = Received<typeof NewDocumentType>;
const NewDocumentType = { code: DocumentType.code, ...facts };

export const documentTypeActions = actions({
  listDocumentTypes: {
    rest: "GET /document-types",
    needs: "customers.read",
    says: "The types of documents, in their order; `kind` and `enabled` narrow them.",
    params: { kind: optional(oneOf("person", "company")), enabled: optional(yesNo) },
    returns: record({ items: list(record(DocumentType), 200) }),
  },
  createDocumentType: {
    rest: "POST /document-types",
    needs: "customers.configure",
    says: "Configures a type of documents.",
    params: NewDocumentType,
    returns: record(DocumentType),
  },
  changeDocumentType: {
    rest: "PATCH /document-types/:id",
    needs: "customers.configure",
    guarded: "required",
    says: "Changes a type of documents; its code stays.",
    params: { id, version, ...partial(facts) },
    returns: record(DocumentType),
  },
});

export const documentTypeEvents = {
  documentTypeCreated: { id },
  documentTypeChanged: { id },
};
