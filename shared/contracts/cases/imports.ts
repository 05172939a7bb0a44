/** Cases that an import brings, many at a time, and those that it closes (F069, F113, F217). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  longText,
  optional,
  record,
  text,
  whole,
  type Received,
} from "../../fields.ts";
import { ImportRefusal } from "../customers/imports.ts";
import { number } from "./for-neighbours.ts";
import { priority } from "./status.ts";

const row = whole(1, 2_000_000);

/** A case for a row of a file. */
export type ImportedCase = Received<typeof ImportedCase>;
export const ImportedCase = {
  row,
  customerId: id,
  accountId: optional(id),
  assigneeId: optional(id),
  subject: optional(text(500)),
  description: longText(20_000, 1),
};

/** The case that was made for a row, or why there is none. */
export type TakenCase = Received<typeof TakenCase>;
export const TakenCase = {
  row,
  caseId: optional(id),
  number: optional(number),
  refusal: optional(record(ImportRefusal)),
};

export const importActions = actions({
  /** Makes a case for each row, once, however often it is asked; it answers as the first time. */
  importCases: {
    params: {
      importId: id,
      campaignId: id,
      priority,
      items: list(record(ImportedCase), 200),
    },
    returns: list(record(TakenCase), 200),
  },
  /**
   * How many open cases of a campaign, made until then, closing them all would close: those without
   * an activity do not count where the campaign wants one (F110).
   */
  countClosable: {
    params: { campaignId: id, until: instant },
    returns: record({ count: whole(0, 1_000_000_000) }),
  },
});
