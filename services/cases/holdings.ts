/** What cases keep about a customer, shown to it and erased with it, or with the time (B08). */
import type { Note } from "#shared/contracts/cases/notes.ts";
import type { KeptTabValues } from "#shared/contracts/cases/tabs.ts";
import { caseHolderOf, caseHolding } from "#shared/holdings.ts";
import type { Activity } from "#shared/contracts/cases/activities.ts";
import * as activities from "./activities.store.ts";
import { eraseCases, ofCustomers } from "./privacy.store.ts";
import { caseOf } from "./cases.store.ts";
import * as drafts from "./drafts.store.ts";
import * as notes from "./notes.store.ts";
import { emptyCases } from "./emptying.ts";
import { these } from "./emptying.store.ts";
import { ofCasesOf, ofThese } from "./of-cases.store.ts";
import { entityOf } from "#shared/mongo/store.ts";
import { searchWordsOf } from "./search.rules.ts";
import * as tabValues from "./tabs.store.ts";

export const holdings = caseHolderOf("cases", [
  caseHolding({
    kind: "case",
    stays:
      "number, campaign, status, people and times, for they count the work that was done; no name, document or text",
    page: ({ customerIds }, paging) => ofCustomers(customerIds, paging),
    show: caseOf,
    erase: (kept) => eraseCases(kept, searchWordsOf),
    ofCases: these,
    empty: emptyCases,
    leaves:
      "number, campaign, customer, status, people and times, for they count the work that was done; no subject, description or address",
  }),
  caseHolding({
    kind: "activity",
    stays:
      "case, form, disposition, next action and who saved it when, for they count the work that was done; nothing else that was filled in",
    page: ({ customerIds }, paging) => ofCasesOf(activities.activities, customerIds, paging),
    show: (kept) => entityOf<Activity>(kept),
    erase: (kept) => activities.erase(kept),
    ofCases: (caseIds, paging) => ofThese(activities.activities, caseIds, paging),
    empty: (kept) => activities.erase(kept),
  }),
  caseHolding({
    kind: "note",
    stays: "case, colour, author and times; not what it said",
    page: ({ customerIds }, paging) => ofCasesOf(notes.notes, customerIds, paging),
    show: (kept) => entityOf<Note>(kept),
    erase: notes.erase,
    ofCases: (caseIds, paging) => ofThese(notes.notes, caseIds, paging),
    empty: notes.erase,
  }),
  caseHolding({
    kind: "draft",
    stays: "nothing",
    page: ({ customerIds }, paging) => ofCasesOf(drafts.drafts, customerIds, paging),
    show: (kept) => entityOf<drafts.KeptDraft>(kept),
    erase: drafts.erase,
    ofCases: (caseIds, paging) => ofThese(drafts.drafts, caseIds, paging),
    empty: drafts.erase,
  }),
  caseHolding({
    kind: "tabValues",
    stays: "which tab of which case was filled in, by whom and when; nothing that was filled in",
    page: ({ customerIds }, paging) => ofCasesOf(tabValues.tabValues, customerIds, paging),
    show: (kept) => entityOf<KeptTabValues>(kept),
    erase: (kept) => tabValues.eraseValues(kept),
    ofCases: (caseIds, paging) => ofThese(tabValues.tabValues, caseIds, paging),
    empty: (kept) => tabValues.eraseValues(kept),
  }),
]);
