/** Everything that is asked about what a customer has, to be held against its description. */
import { randomUUID } from "node:crypto";
import { ifMatch, type Asking } from "./asking.ts";
import { askOfRetention } from "./asking-of-retention.ts";

/** Accounts, relations, and a merge of the two customers who are related. */
export async function askOfBelongings({ ask }: Pick<Asking, "ask">): Promise<void> {
  const { id } = await ask("customers.create", { body: { firstName: "Ada" } });
  const account = await ask("customers.addAccount", {
    path: { id },
    body: { number: "AB-1", extraFields: [{ name: "Plan", value: "" }] },
  });
  const accountPath = { id, accountId: account.id };
  await ask("customers.listAccounts", { path: { id }, query: "?count=true" });
  await ask("customers.getAccount", { path: accountPath });
  await ask("customers.changeAccount", {
    path: accountPath,
    body: { number: "AB-2" },
    headers: ifMatch(account),
  });
  await ask("customers.deleteAccount", { path: accountPath });

  const other = await ask("customers.create", { body: { firstName: "Byron" } });
  const relation = await ask("customers.addRelation", {
    path: { id },
    body: { relatedCustomerId: other.id, sourceLabel: "mother", targetLabel: "son" },
  });
  const relationPath = { id, relationId: relation.id };
  await ask("customers.listRelations", { path: { id } });
  await ask("customers.getRelation", { path: relationPath });
  await ask("customers.changeRelation", {
    path: relationPath,
    body: { relatedLabel: "stepson" },
    headers: ifMatch(relation),
  });
  await ask("customers.deleteRelation", { path: relationPath });

  const pair = { body: { survivorId: id, absorbedId: other.id } };
  await ask("customers.previewMerge", pair);
  await ask("customers.merge", pair);
  await ask("customers.listMerges", { path: { id } });
}

/** A legal hold, an erasure, and runs of retention. */
export async function askOfPrivacy({ ask }: Pick<Asking, "ask">): Promise<void> {
  const { id } = await ask("customers.create", { body: { firstName: "Ada" } });
  const path = { id };
  await ask("customers.setLegalHold", { path, body: { reason: "a lawsuit" } });
  await ask("customers.getLegalHold", { path });
  await ask("customers.liftLegalHold", { path });
  const erasure = await ask("customers.erase", { path, body: { reason: "x", confirm: "Ada" } });
  await ask("customers.getErasure", { path: { id: erasure.id } });
  await ask("customers.listErasures", { query: "?count=true&state=running" });
  await askOfRetention({ ask });
}

/** Who attends a customer, and the types of documents. */
export async function askOfProfile({ ask }: Pick<Asking, "ask">): Promise<void> {
  const { id } = await ask("customers.create", { body: { firstName: "Ada" } });
  const path = { id };
  const { id: userId } = await ask("identity.me");
  await ask("customers.setOwner", { path, body: { userId, campaignId: null } });
  await ask("customers.listOwners", { path });
  await ask("customers.get", { path, query: "?include=names" });
  await ask("customers.removeOwner", { path });
  const type = await ask("customers.createDocumentType", {
    body: {
      code: randomUUID().slice(0, 20),
      names: { en: "Card", es: "Carné" },
      kinds: ["person"],
      pattern: "[A-Z]?[0-9]{6,8}",
    },
  });
  await ask("customers.listDocumentTypes", { query: "?kind=person&enabled=true" });
  await ask("customers.changeDocumentType", {
    path: { id: type.id },
    body: { pattern: null, enabled: false },
    headers: ifMatch(type),
  });
}
