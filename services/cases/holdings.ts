/** What cases keep about a customer, shown to it and erased with it (B08). */
import { holderOf, holding } from "#shared/holdings.ts";
import type { Activity } from "#shared/contracts/cases/activities.ts";
import { entityOf } from "#shared/mongo/store.ts";
import { ofCasesOf } from "./of-cases.store.ts";
import * as activities from "./activities.store.ts";
import { eraseCases, ofCustomers } from "./privacy.store.ts";
import { caseOf } from "./cases.store.ts";
import { searchWordsOf } from "./search.rules.ts";

export const holdings = holderOf("cases", [
  holding({
    kind: "case",
    stays:
      "number, campaign, status, people and times, for they count the work that was done; no name, document or text",
    page: ({ customerIds }, paging) => ofCustomers(customerIds, paging),
    show: caseOf,
    erase: (kept) => eraseCases(kept, searchWordsOf),
  }),
  holding({
    kind: "activity",
    stays:
      "case, form, disposition, next action and who saved it when, for they count the work that was done; nothing else that was filled in",
    page: ({ customerIds }, paging) => ofCasesOf(activities.activities, customerIds, paging),
    show: (kept) => entityOf<Activity>(kept),
    erase: (kept) => activities.erase(kept),
  }),
]);
