/** The management view in one call (F073-F082): the parts that `include` may name. */
import { actions } from "../../contract.ts";
import {
  either,
  id,
  list,
  nullable,
  oneOf,
  optional,
  record,
  word,
  yesNo,
  type Received,
  type Shape,
} from "../../fields.ts";
import { version } from "../common.ts";
import { Account } from "../customers/accounts.ts";
import { ContactPoint, Customer } from "../customers/customer.ts";
import { Attachment } from "../files.ts";
import { Interaction } from "../interactions.ts";
import { ActivityInList } from "./activities.ts";
import { AgendaItem } from "./agenda.ts";
import { ReadNote } from "./notes.ts";
import { CaseScript, CaseTabs } from "./tabs.ts";

/**
 * Why a part is not there: there is none, the user may not see it, or who has it did not answer in
 * time.
 */
const absent = record({ state: oneOf("none", "denied", "unavailable") });

const part = <S extends Shape>(shape: S) =>
  optional(either(absent, record({ state: oneOf("ready"), ...shape })));

/** A first page; its cursor goes on at the part's own address. */
const firstPage = <S extends Shape>(shape: S) => ({
  items: list(record(shape), 200),
  nextCursor: nullable(word(/^[\w-]+$/, 3_000)),
});

export type Parts = Received<typeof parts>;
const parts = {
  customer: part(Customer),
  contactPoints: part({ items: list(record({ ...ContactPoint, blocked: yesNo }), 200), version }),
  /** The account of the case (F081). */
  account: part(Account),
  conversation: part(firstPage(Interaction)),
  activities: part(firstPage(ActivityInList)),
  /** Nothing of them stands anywhere else (F185). */
  notes: part(firstPage(ReadNote)),
  attachments: part(firstPage(Attachment)),
  script: part(CaseScript),
  tabs: part(CaseTabs),
  /** From now on, of who has the case (F178). */
  agenda: part(firstPage(AgendaItem)),
};

export type PartName = keyof typeof parts;

const include = optional(list(oneOf(...(Object.keys(parts) as PartName[])), 20));

/** @param kase a case as it is read */
export const viewActions = <S extends Shape>(kase: S) =>
  actions({
    get: {
      rest: "GET /cases/:id",
      needs: "cases.read",
      says: "One case by id or by number; `include` adds parts of its management view, each marked where it is not there (F073-F082).",
      params: { id, include },
      returns: record({ ...kase, ...parts }),
    },
  });
