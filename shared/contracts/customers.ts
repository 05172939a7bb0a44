/** Customers: the persons and companies our cases are about, and how they are reached. */
import { contract } from "../contract.ts";
import { id, list, record } from "../fields.ts";
import { Account, accountActions, accountEvents } from "./customers/accounts.ts";
import { completenessActions } from "./customers/completeness.ts";
import {
  blockListActions,
  contactPointActions,
  contactPointEvents,
} from "./customers/contact-points.ts";
import { Customer, Resolved, Sender } from "./customers/customer.ts";
import { privacyActions, privacyDoors, privacyEvents } from "./customers/privacy.ts";
import {
  DocumentType,
  documentTypeActions,
  documentTypeEvents,
} from "./customers/document-types.ts";
import { ownerActions, ownerEvents } from "./customers/owners.ts";
import { dashboardActions } from "./customers/dashboard.ts";
import { importActions } from "./customers/imports.ts";
import { listActions, listDoors } from "./customers/lists.ts";
import { describedCustomer, mergeActions, mergeEvents } from "./customers/merge.ts";
import { profileActions, profileEvents } from "./customers/profile.ts";
import { CustomerRelation, relationActions, relationEvents } from "./customers/relations.ts";
import { similarActions } from "./customers/similar.ts";
import { announcerActions, holderActions } from "./privacy.ts";

export const customers = contract({
  actions: {
    ...profileActions,
    ...listActions,
    ...contactPointActions,
    ...blockListActions,
    ...privacyActions,
    ...announcerActions,
    ...holderActions,
    ...accountActions,
    ...relationActions,
    ...ownerActions,
    ...documentTypeActions,
    ...dashboardActions,
    ...similarActions,
    ...mergeActions,
    ...completenessActions,
    ...importActions,
    /** Finds or makes the customer of each sender, in order; a burst of one sender makes one. */
    resolve: {
      params: { senders: list(record(Sender), 500) },
      returns: list(record(Resolved), 500),
    },
    /** Several customers at once, for copies kept elsewhere; unknown ids are left out. */
    describe: {
      params: { ids: list(id, 500) },
      returns: list(record(describedCustomer), 500),
    },
  },
  doors: { ...listDoors, ...privacyDoors },
  events: {
    ...profileEvents,
    ...contactPointEvents,
    ...privacyEvents,
    ...accountEvents,
    ...relationEvents,
    ...ownerEvents,
    ...documentTypeEvents,
    ...mergeEvents,
  },
  aggregates: {
    customer: { ...Customer, absorbed: id, mergedInto: id },
    account: Account,
    customerRelation: CustomerRelation,
    documentType: DocumentType,
  },
});
