/** The actions on the types of documents that administrators configure (G17). */
import { changesBetween } from "#shared/changes.rules.ts";
import { system } from "#shared/actor.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { DocumentType, NewDocumentType } from "#shared/contracts/customers/document-types.ts";
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { stamp, type Asked } from "./asked.ts";
import type { Stamp } from "./customers.rules.ts";
import * as rules from "./document-types.rules.ts";
import * as store from "./document-types.store.ts";

export const documentTypes = {
  async listDocumentTypes(ctx: Asked<"listDocumentTypes">) {
    return { items: await store.list(ctx.params) };
  },

  createDocumentType: (ctx: Asked<"createDocumentType">) =>
    write("customers", ctx, (tx) => add(tx, ctx.params, stamp(ctx))),

  changeDocumentType: (ctx: Asked<"changeDocumentType">) =>
    write("customers", ctx, async (tx) => {
      const { id, version, ...patch } = ctx.params;
      const current = await store.get(id, tx.session);
      if (current.version !== version) throw stale("document type", id, current.version);
      const changed = rules.change(current, patch, stamp(ctx));
      const changes = changesBetween(current, changed);
      if (changes.length === 0) return current;
      await store.replace(changed, rules.codeKeyOf(changed.code), tx.session);

      tx.announce({
        event: "customers.documentTypeChanged",
        aggregate: { kind: "documentType", id, version: changed.version },
        changes,
        data: { id },
      });
      return changed;
    }),
};

async function add(
  tx: Tx<"customers">,
  draft: NewDocumentType,
  made: Stamp,
): Promise<DocumentType> {
  const created = rules.create(draft, { id: newId(), ...made });
  const { id, code, version } = created;
  await store.insert(created, rules.codeKeyOf(code), tx.session);

  tx.announce({
    event: "customers.documentTypeCreated",
    aggregate: { kind: "documentType", id, version },
    changes: changesBetween({}, created),
    data: { id },
  });
  return created;
}

/**
 * Lets a customer pass whose document its type allows, or whose type nobody configured.
 * @throws 422 at `documentType` or `documentNumber`
 */
export async function requireDocumentAllowed(
  customer: Customer,
  { session }: Tx<"customers">,
): Promise<void> {
  const { documentType } = customer;
  if (!documentType) return;
  rules.requireAllowed(customer, await store.ofCode(rules.codeKeyOf(documentType), session));
}

/** Makes the first types when there are none yet; of many replicas, one does. */
export async function makeFirstDocumentTypes(): Promise<void> {
  if (await store.isThereAny()) return;
  const made = { at: new Date(), by: system.id };
  await write("customers", { meta: {} }, async (tx) => {
    for (const draft of rules.firstSet) await add(tx, draft, made);
  }).catch((error: unknown) => {
    const others = (error as { type?: string }).type === "DOCUMENT_TYPE_EXISTS";
    if (!others && !isDuplicate(error)) throw error;
  });
}
