/** Where the types of documents are kept (G17). */
import type { ClientSession } from "mongodb";
import type { DocumentType } from "#shared/contracts/customers/document-types.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import { documentTypes, type KeptDocumentType } from "./tables.store.ts";

/** All that there may be. */
const most = 200;

type Row = Kept<KeptDocumentType>;

const typeOf = ({ codeKey: _codeKey, ...row }: Row): DocumentType => entityOf<DocumentType>(row);

export const isThereAny = async (): Promise<boolean> =>
  (await documentTypes.native().findOne({}, { projection: { _id: 1 } })) !== null;

/** In their order. */
export async function list({
  kind,
  enabled,
}: {
  kind?: "person" | "company";
  enabled?: boolean;
}): Promise<DocumentType[]> {
  const filter = {
    ...(kind ? { kinds: kind } : {}),
    ...(enabled === undefined ? {} : { enabled }),
  };
  const rows = documentTypes.native().find(filter).sort({ order: 1, _id: 1 }).limit(most);
  return (await rows.toArray()).map(typeOf);
}

/** @throws 404 NOT_FOUND */
export async function get(id: string, session: ClientSession): Promise<DocumentType> {
  const row = await documentTypes.native().findOne({ _id: id }, { session });
  if (!row) throw notFound("document type", id);
  return typeOf(row);
}

/** The type of a code, if it is configured. */
export async function ofCode(
  codeKey: string,
  session?: ClientSession,
): Promise<DocumentType | undefined> {
  const row = await documentTypes.native().findOne({ codeKey }, session ? { session } : {});
  return row ? typeOf(row) : undefined;
}

/**
 * @throws 409 DOCUMENT_TYPE_EXISTS with `existingId` when another has the code, 409
 *   TOO_MANY_DOCUMENT_TYPES beyond 200
 */
export async function insert(
  type: DocumentType,
  codeKey: string,
  session: ClientSession,
): Promise<void> {
  const there = await ofCode(codeKey, session);
  if (there) {
    throw conflict("DOCUMENT_TYPE_EXISTS", "A type of documents has this code", {
      existingId: there.id,
    });
  }
  if ((await documentTypes.native().countDocuments({}, { session })) >= most) {
    throw conflict("TOO_MANY_DOCUMENT_TYPES", "There are too many types of documents", {
      limit: most,
    });
  }
  await documentTypes.native().insertOne({ ...keptOf(type), codeKey }, { session });
}

/** Keeps a type in place of what was read of it in the same transaction. */
export async function replace(
  type: DocumentType,
  codeKey: string,
  session: ClientSession,
): Promise<void> {
  const { _id, ...row } = { ...keptOf(type), codeKey };
  await documentTypes.native().replaceOne({ _id }, row, { session });
}
