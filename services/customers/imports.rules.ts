/** What an import makes of a customer and its accounts (F012, F018, F222, F223, D19). Pure. */
import type { Account } from "#shared/contracts/customers/accounts.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { DocumentType } from "#shared/contracts/customers/document-types.ts";
import type {
  ImportRecord,
  ImportRefusal,
  RecordOptions,
  TakenRecord,
} from "#shared/contracts/customers/imports.ts";
import { conflict, type Refusal } from "#shared/errors.ts";
import { firstPoints, identityOf, mostContactPoints } from "./contact-points.rules.ts";
import { change, create, type Stamp } from "./customers.rules.ts";
import { isDocumentChanged, requireAllowed } from "./document-types.rules.ts";
import { plannedAccounts } from "./imported-accounts.rules.ts";
import { withOwner } from "./owners.rules.ts";

/** A customer that is there, as far as an import has changed it. */
export interface Known {
  customer: Customer;
  accounts: readonly Account[];
  /** It goes by another document: the one of the import was of a customer merged into it (D03). */
  isSurvivor: boolean;
}

export interface Making extends Stamp {
  campaignId: string;
  options: RecordOptions;
  newId: () => string;
}

/** A version of a customer, and how it is told of. */
export interface Step {
  event: "customers.created" | "customers.changed" | "customers.ownerSet";
  before?: Customer;
  after: Customer;
  /** Who attends the customer now. */
  owner?: { userId: string; campaignId: string };
}

export interface Planned {
  taken: TakenRecord;
  steps: Step[];
  /** Accounts that come or change. */
  accounts: { before?: Account; after: Account }[];
  /** The last versions of those that go. */
  ended: Account[];
  now: Known;
}

/**
 * What becomes of a record.
 * @param known the customer of its document; undefined where there is none
 * @param type the configured type of its document
 * @throws 409 CUSTOMER_DISABLED, TOO_MANY_ACCOUNTS, TOO_MANY_CONTACT_POINTS, TOO_MANY_OWNERS; 422 for
 *   what makes no customer or account
 */
export function planned(
  record: ImportRecord,
  { known, type }: { known: Known | undefined; type: DocumentType | undefined },
  making: Making,
): Planned {
  if (known?.customer.disabled) {
    throw conflict("CUSTOMER_DISABLED", "The customer is disabled");
  }
  const first = known
    ? replaced(record, known, type, making)
    : { outcome: "created" as const, ...created(record, type, making) };
  const owned = ownerStep(record, first.customer, making);
  const { customer } = owned;
  const { isSurvivor, accounts: own } = known ?? { isSurvivor: false, accounts: [] };
  const accounts = plannedAccounts(record, { customerId: customer.id, own }, making);
  return {
    taken: {
      ...{ key: record.key, outcome: first.outcome, customerId: customer.id },
      ...{ accounts: accounts.taken, accountsDeleted: accounts.ended.length },
    },
    steps: [...first.steps, ...owned.steps],
    ...{ accounts: accounts.kept, ended: accounts.ended },
    now: { customer, accounts: accounts.now, isSurvivor },
  };
}

interface Made {
  customer: Customer;
  steps: Step[];
}

function created(
  { customer: { kind = "person", tags = [], ...said } }: ImportRecord,
  type: DocumentType | undefined,
  { at, by, newId }: Making,
): Made {
  const after = create({ ...said, kind, tags }, { id: newId(), newId, at, by });
  requireAllowed(after, type);
  return { customer: after, steps: [{ event: "customers.created", after }] };
}

/** What is left out stays as it is; contact points come, and none goes. */
function replaced(
  { customer: said }: ImportRecord,
  { customer: before, isSurvivor }: Known,
  type: DocumentType | undefined,
  making: Making,
): Made & { outcome: "updated" | "skipped" } {
  const unchanged = { customer: before, steps: [], outcome: "skipped" as const };
  if (!making.options.replaceDuplicates) return unchanged;
  const { documentType, documentNumber, contactPoints, tags, ...others } = said;
  const document = isSurvivor ? {} : { documentType, documentNumber };
  const changes = {
    ...{ ...others, ...document },
    ...(tags ? { tags: making.options.tags === "replace" ? tags : [...before.tags, ...tags] } : {}),
    ...pointsWith(before, contactPoints, making),
  };
  const after = change(before, changes, making);
  if (after === before) return unchanged;
  if (isDocumentChanged(before, after)) requireAllowed(after, type);
  const steps: Step[] = [{ event: "customers.changed", before, after }];
  return { customer: after, steps, outcome: "updated" };
}

function pointsWith(
  before: Customer,
  contactPoints: ImportRecord["customer"]["contactPoints"],
  { newId, at }: Making,
): Partial<Pick<Customer, "contactPoints">> {
  const points = new Set(before.contactPoints.map(identityOf));
  const added = firstPoints(contactPoints, { newId, at }).filter(
    (point) => !points.has(identityOf(point)),
  );
  if (points.size + added.length > mostContactPoints) {
    throw conflict("TOO_MANY_CONTACT_POINTS", "The customer has too many contact points");
  }
  return added.length > 0 ? { contactPoints: [...before.contactPoints, ...added] } : {};
}

function ownerStep(
  { ownerId }: ImportRecord,
  before: Customer,
  { campaignId, ...stamp }: Making,
): Made {
  if (!ownerId) return { customer: before, steps: [] };
  const owner = { userId: ownerId, campaignId };
  const after = withOwner(before, owner, stamp);
  const step: Step = { event: "customers.ownerSet", before, after, owner };
  return { customer: after, steps: after === before ? [] : [step] };
}

/** What is kept of the refusal of a record. */
export function refusalOf({
  code: status,
  type: code,
  message,
  data = {},
}: Refusal): ImportRefusal {
  const { errors } = data;
  return {
    ...{ status, code: code.slice(0, 60), detail: message.slice(0, 1_000) },
    ...(errors === undefined ? {} : { errors }),
  };
}

/** A dry run makes nothing: what it would make has no id yet. */
export const withoutMadeIds = (
  { customerId, accounts, ...taken }: TakenRecord,
  { isThere }: { isThere: boolean },
): TakenRecord => ({
  ...taken,
  ...(isThere && customerId ? { customerId } : {}),
  accounts: accounts.map(({ accountId: _id, ...one }) => one),
});
