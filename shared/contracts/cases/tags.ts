/** Tags of cases: words of the people who attend to them, to find and count them by (G03). */
import { actions } from "../../contract.ts";
import {
  id,
  list,
  optional,
  record,
  text,
  whole,
  withDefault,
  yesNo,
  type Field,
  type Received,
  type Shape,
} from "../../fields.ts";
import { many } from "./status.ts";

/** Without commas, which stand between the tags of a filter. */
const tag: Field<string> = { ...text(60), pattern: /^[^,]*$/ };

/** As many as a case may have. */
export const mostTags = 20;

export const caseTags = list(tag, mostTags);

/** How often a tag is there. */
export type TagCount = Received<typeof TagCount>;
const TagCount = { tag: text(60), count: whole(1, 1_000_000) };

/** @param kase the shape of a case */
export const caseTagActions = <S extends Shape>(kase: S) =>
  actions({
    tag: {
      rest: "POST /cases/:id/tags",
      needs: "cases.change",
      status: 200,
      says: "Adds tags to a case and takes others off, whatever else it has (G03). Again is as once.",
      params: { id, add: withDefault(caseTags, []), remove: withDefault(caseTags, []) },
      returns: record(kase),
    },
    listTags: {
      rest: "GET /cases/tags",
      needs: "cases.read",
      says: "The tags of the active cases that the user sees, the most used first, among the latest 10,000 that have any; `isComplete` says whether that was all. Of the current campaign unless told otherwise, as in the list.",
      params: {
        campaignId: many(id),
        /** The beginning of a tag, whatever its case and accents. */
        q: optional(text(60)),
        limit: { ...whole(1, 200), optional: true, default: 50 } as Field<
          number | undefined,
          number
        >,
      },
      returns: record({ items: list(record(TagCount), 200), isComplete: yesNo }),
    },
  });
