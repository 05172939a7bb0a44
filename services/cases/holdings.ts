/** What cases keep about a customer, shown to it and erased with it (B08). */
import type { Note } from "#shared/contracts/cases/notes.ts";
import type { KeptTabValues } from "#shared/contracts/cases/tabs.ts";
import { holderOf, holding } from "#shared/holdings.ts";
import type { Activity } from "#shared/contracts/cases/activities.ts";
import * as activities from "./activities.store.ts";
import { eraseCases, ofCustomers } from "./privacy.store.ts";
import { caseOf } from "./cases.store.ts";
import * as drafts from "./drafts.store.ts";
import * as notes from "./notes.store.ts";
import { ofCasesOf } from "./of-cases.store.ts";
import { entityOf } from "#shared/mongo/store.ts";
import { searchWordsOf } from "./search.rules.ts";
import * as tabValues from "./tabs.store.ts";

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
  holding({
    kind: "note",
    stays: "case, colour, author and times; not what it said",
    page: ({ customerIds }, paging) => ofCasesOf(notes.notes, customerIds, paging),
    show: (kept) => entityOf<Note>(kept),
    erase: notes.erase,
  }),
  holding({
    kind: "draft",
    stays: "nothing",
    page: ({ customerIds }, paging) => ofCasesOf(drafts.drafts, customerIds, paging),
    show: (kept) => entityOf<drafts.KeptDraft>(kept),
    erase: drafts.erase,
  }),
  holding({
    kind: "tabValues",
    stays: "which tab of which case was filled in, by whom and when; nothing that was filled in",
    page: ({ customerIds }, paging) => ofCasesOf(tabValues.tabValues, customerIds, paging),
    show: (kept) => entityOf<KeptTabValues>(kept),
    erase: (kept) => tabValues.eraseValues(kept),
  }),
]);
