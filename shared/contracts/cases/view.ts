/** The management view in one call (F073-F082): the parts that `include` may name. */
import {
  either,
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
export const parts = {
  customer: part(Customer),
  contactPoints: part({ items: list(record({ ...ContactPoint, blocked: yesNo }), 200), version }),
  /** The account of the case (F081). */
  account: part(Account),
  conversation: part(firstPage(Interaction)),
  attachments: part(firstPage(Attachment)),
  script: part(CaseScript),
  tabs: part(CaseTabs),
};

export type PartName = keyof typeof parts;

/** What `include` takes: each part that there is. */
export const include = optional(list(oneOf(...(Object.keys(parts) as PartName[])), 20));
