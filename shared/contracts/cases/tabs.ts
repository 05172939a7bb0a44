/** A campaign's script and additional tabs in one of its cases, and what is kept there (F201-F203). */
import { actions } from "../../contract.ts";
import {
  filledIn,
  id,
  instant,
  list,
  longText,
  map,
  optional,
  personal,
  record,
  text,
  yesNo,
  type Received,
} from "../../fields.ts";
import { fieldKey } from "../campaigns/forms.ts";
import { mostTabs, Tab } from "../campaigns/tabs.ts";
import { trail, version } from "../common.ts";

/** What a field of a form can hold. */
export type FieldValue = string | number | boolean | string[];

/** By the keys of the tab's fields or findings. */
export type FieldValues = Readonly<Record<string, FieldValue>>;
const values = map(filledIn, 50);

/** The script with its variables filled in. */
export const CaseScript = { html: longText(250_000) };

/** An additional tab as the case shows it. */
export type CaseTab = Received<typeof CaseTab>;
export const CaseTab = {
  id,
  title: Tab.title,
  kind: Tab.kind,
  /** Where a `link` or an `embed` leads, its variables filled in. */
  address: optional(text(6_000)),
  /** Of a `form`. */
  fields: Tab.fields,
  /** Of an `integration`. */
  findings: optional(list(record({ key: fieldKey, label: text(120) }), 50)),
  keepsValues: yesNo,
  /** What the case keeps, where the tab is a `form` or an `integration` that keeps values. */
  values: optional(values),
  /** Of the values; 1 where none were ever kept. */
  valuesVersion: optional(version),
};
export const CaseTabs = { items: list(record(CaseTab), mostTabs) };

/** What a case keeps of one tab; `version` is that of the values, 1 where none were ever kept. */
export type TabValues = Received<typeof TabValues>;
const TabValues = {
  tabId: id,
  values,
  version,
  updatedAt: optional(instant),
  updatedBy: optional(id),
};

/** The same as it is kept, for the change log and for who is erased. */
export type KeptTabValues = Received<typeof KeptTabValues>;
export const KeptTabValues = {
  id,
  caseId: id,
  tabId: id,
  values: optional(personal(values)),
  erasedAt: optional(instant),
  ...trail,
};

const ofTab = { id, tabId: id };

export const tabActions = actions({
  script: {
    rest: "GET /cases/:id/script",
    needs: "cases.read",
    says: "The campaign's script with the variables of this case filled in (F201); not of a case that may only be read.",
    params: { id },
    returns: record(CaseScript),
  },
  listTabs: {
    rest: "GET /cases/:id/tabs",
    needs: "cases.read",
    says: "The campaign's additional tabs for this case: addresses filled in, and what the case keeps (F202, F203).",
    params: { id },
    returns: record(CaseTabs),
  },
  getTabValues: {
    rest: "GET /cases/:id/tabs/:tabId/values",
    needs: "cases.read",
    says: "What the case keeps of a tab: what was filled in, or found and kept (F203).",
    params: ofTab,
    returns: record(TabValues),
  },
  setTabValues: {
    rest: "PUT /cases/:id/tabs/:tabId/values",
    needs: "cases.change",
    guarded: "required",
    says: "Fills in a tab of the kind `form`, as a whole (F203); the version is that of the values.",
    params: { ...ofTab, version, values },
    returns: record(TabValues),
  },
  askTab: {
    rest: "GET /cases/:id/tabs/:tabId/findings",
    needs: "cases.read",
    says: "What the other system of an `integration` says now (F203); nothing is kept. 409 INTEGRATION_FAILED says why not.",
    params: ofTab,
    returns: record({
      tabId: id,
      /** The value is missing where the answer has none. */
      items: list(
        record({ key: fieldKey, label: text(120), value: optional(longText(2_000)) }),
        50,
      ),
      askedAt: instant,
    }),
  },
  keepFindings: {
    rest: "POST /cases/:id/tabs/:tabId/findings",
    needs: "cases.change",
    status: 200,
    says: "Asks the other system of an `integration` that keeps values, and keeps them with the case (F203).",
    params: ofTab,
    returns: record(TabValues),
  },
});

export const tabEvents = {
  /** Filled in by a user, or found in another system and kept. */
  tabValuesKept: { id, caseId: id, campaignId: id, tabId: id },
};
