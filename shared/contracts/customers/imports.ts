/** Customers and accounts that an import brings, many at a time (F222, F223, D19). */
import { actions } from "../../contract.ts";
import {
  anything,
  id,
  list,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "../../fields.ts";
import { Account } from "./accounts.ts";
import { Customer, GivenContactPoint, profile } from "./customer.ts";

const row = whole(1, 2_000_000);

/** What an import says of a customer; what is left out stays as it is. */
export type ImportedCustomer = Received<typeof ImportedCustomer>;
export const ImportedCustomer = {
  ...profile,
  kind: optional(Customer.kind),
  documentType: personal(text(40)),
  documentNumber: personal(text(60)),
  tags: optional(profile.tags),
  contactPoints: list(record(GivenContactPoint), 10),
};

/** A customer with the accounts that the file has of it. */
export type ImportRecord = Received<typeof ImportRecord>;
export const ImportRecord = {
  /** The first of its rows: one record of one import is taken in once. */
  key: row,
  customer: record(ImportedCustomer),
  accounts: list(record({ row, number: Account.number, extraFields: Account.extraFields }), 200),
  /** Who attends the customer in the campaign from now on (F018, F221). */
  ownerId: optional(id),
  /** Some of its rows are rejected, so that its other accounts stay whatever the options say. */
  isPartial: yesNo,
};

/** How records are taken in. */
export type RecordOptions = Received<typeof RecordOptions>;
const RecordOptions = {
  replaceDuplicates: yesNo,
  tags: oneOf("replace", "append"),
  deleteOtherAccounts: yesNo,
};

/** Why something that an import brings is not taken in: what the same request alone is answered. */
export type ImportRefusal = Received<typeof ImportRefusal>;
export const ImportRefusal = {
  status: whole(400, 499),
  code: text(60),
  detail: text(1_000),
  errors: optional(anything),
};

const outcome = oneOf("created", "updated", "skipped");

/** What became of a record; of a dry run, what would. */
export type TakenRecord = Received<typeof TakenRecord>;
export const TakenRecord = {
  key: row,
  refusal: optional(record(ImportRefusal)),
  outcome: optional(outcome),
  customerId: optional(id),
  accounts: list(record({ row, outcome, accountId: optional(id) }), 200),
  accountsDeleted: whole(0, 1_000),
};

export const importActions = actions({
  /**
   * Takes in records, each on its own: one that is refused keeps none of the others out. A record of
   * an import is taken in once, and answers as the first time; a dry run keeps nothing.
   */
  importRecords: {
    params: {
      importId: id,
      campaignId: id,
      dryRun: yesNo,
      options: record(RecordOptions),
      records: list(record(ImportRecord), 200),
    },
    returns: list(record(TakenRecord), 200),
  },
});
