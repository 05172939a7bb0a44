/** Additional tabs beside a campaign's cases: links, views and forms (F202, F203). */
import { actions } from "../../contract.ts";
import {
  id,
  list,
  oneOf,
  optional,
  record,
  text,
  withDefault,
  word,
  yesNo,
  type Received,
} from "../../fields.ts";
import { version } from "../common.ts";
import { fieldKey, FormField } from "./forms.ts";

/** A value that an integration finds in the answer of another system, and where. */
const Finding = {
  key: fieldKey,
  label: text(120),
  /** Names on the way to the value, with dots: `customer.plan.name`, `invoices.0.total`. */
  path: word(/^[\w-]{1,60}(\.[\w-]{1,60}){0,9}$/, 400),
};

const facts = {
  title: text(80),
  /**
   * `link`: opened apart; `embed`: shown in the tab; `form`: captured by agents; `integration`:
   * asked of another system by us.
   */
  kind: oneOf("link", "embed", "form", "integration"),
  /** Of all kinds but `form`: HTTPS, with variables in path, query and fragment. */
  address: optional(text(2_000)),
  /** Of a `form`. */
  fields: optional(list(record(FormField), 50, 1)),
  /** Of an `integration`. */
  findings: optional(list(record(Finding), 50, 1)),
  /** Whether the values of an `integration` are kept with the case, not only shown. */
  keepsValues: withDefault(yesNo, false),
};

export type Tab = Received<typeof Tab>;
export const Tab = { id, ...facts };

/** A tab as it is sent; with its id it stays the same tab. */
export type TabDraft = Received<typeof TabDraft>;
const TabDraft = { id: optional(id), ...facts };

export const mostTabs = 20;

/** `version` is the campaign's. */
const Tabs = { items: list(record(Tab), mostTabs), version };

export const tabActions = actions({
  getTabs: {
    rest: "GET /campaigns/:id/tabs",
    needs: "campaigns.read",
    says: "The campaign's additional tabs (F202), in their order.",
    params: { id },
    returns: record(Tabs),
  },
  setTabs: {
    rest: "PUT /campaigns/:id/tabs",
    needs: "campaigns.configure",
    guarded: "checked",
    says: "Sets the additional tabs; the body is the list. One left out is removed.",
    params: { id, version: optional(version), items: list(record(TabDraft), mostTabs) },
    returns: record(Tabs),
  },
});

export const tabEvents = { tabsSet: { id } };
