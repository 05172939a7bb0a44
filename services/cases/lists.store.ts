/** Lists of cases (F120, F127, F131, D12, G03): filters, searches and sorts, each by an index. */
import type { ClientSession, Filter } from "mongodb";
import type { Contracts, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { findPage, type SortKey } from "#shared/mongo/pages.ts";
import type { Kept } from "#shared/mongo/store.ts";
import type { Filter as Visible } from "#shared/visibility.ts";
import { caseOf } from "./cases.store.ts";
import type { SoughtWord } from "./search.rules.ts";
import { cases, entries, type KeptCase } from "./tables.store.ts";

type Params = Request<Contracts["cases"]["actions"]["list"]>;

/** What a list is asked for; the search text already read, empty where it holds no word. */
export type Asked = Omit<Params, "q"> & { sought?: readonly SoughtWord[] };

type Condition = Record<string, unknown>;

export const sorts: Record<Params["sort"], readonly SortKey[]> = {
  "-created": [
    ["createdAt", -1],
    ["_id", -1],
  ],
  created: [
    ["createdAt", 1],
    ["_id", 1],
  ],
  "-updated": [
    ["updatedAt", -1],
    ["_id", -1],
  ],
  updated: [
    ["updatedAt", 1],
    ["_id", 1],
  ],
  "-lastCustomerUpdate": [
    ["lastCustomerUpdateAt", -1],
    ["_id", -1],
  ],
  lastCustomerUpdate: [
    ["lastCustomerUpdateAt", 1],
    ["_id", 1],
  ],
};

const states = {
  active: ["new", "open", "transferred", "escalated"],
  closed: ["closed"],
} satisfies Record<NonNullable<Params["state"]>, Case["status"][]>;

interface Sight {
  visible: Visible;
  readable: Visible;
  /** What is visible is single cases only. */
  isNarrow: boolean;
}

/**
 * One page of the visible cases that fulfil everything asked for; where customers are named, also of
 * those that may only be read (F125).
 */
export async function list(asked: Asked, sight: Sight, session?: ClientSession) {
  const { sort, limit, cursor, count } = asked;
  const found = await findPage(cases.native(), {
    filter: filterOf(asked, asked.customerId ? sight.readable : sight.visible),
    sort: sorts[sort],
    limit,
    cursor,
    count,
    hint: entryOf(asked, sight.isNarrow),
    ...(session ? { session } : {}),
  });
  return { ...found, items: found.items.map(caseOf) };
}

/** One customer has few cases, and so has an agent; otherwise MongoDB tries which way is best. */
const entryOf = ({ customerId }: Asked, isNarrow: boolean): string | undefined =>
  customerId ? entries.customer : isNarrow ? entries.place : undefined;

export function filterOf(asked: Asked, visible: Visible): Filter<Kept<KeptCase>> {
  const conditions: Condition[] = [
    visible,
    ...(asked.state ? [{ status: { $in: states[asked.state] } }] : []),
    ...among("status", asked.status),
    ...among("campaignId", asked.campaignId),
    ...(asked.customerId ? [ofCustomers(asked.customerId)] : []),
    ...among("priority", asked.priority),
    ...among("caseTypeId", asked.caseTypeId),
    ...among("channelId", asked.channelId),
    ...assigned(asked),
    ...created(asked),
    ...(asked.sought ? containing(asked.sought) : []),
  ];
  return { $and: conditions };
}

/** The cases of customers: the one place that knows what makes a case theirs. */
export const ofCustomers = (ids: readonly string[]): Condition => ({
  customerId: { $in: [...ids] },
});

const among = (field: string, values: readonly string[] | undefined): Condition[] =>
  values ? [{ [field]: { $in: values } }] : [];

/** Some assignees, those without one, or both (G03). */
function assigned({ assigneeId, unassigned }: Asked): Condition[] {
  if (unassigned === true) return [{ assigneeId: { $in: [...(assigneeId ?? []), null] } }];
  return [
    ...among("assigneeId", assigneeId),
    ...(unassigned === false ? [{ assigneeId: { $ne: null } }] : []),
  ];
}

/** From and to, both included. */
export const created = ({
  createdFrom,
  createdTo,
}: Pick<Asked, "createdFrom" | "createdTo">): Condition[] => [
  ...(createdFrom ? [{ createdAt: { $gte: createdFrom } }] : []),
  ...(createdTo ? [{ createdAt: { $lte: createdTo } }] : []),
];

/** A text without a word finds nothing. Words are letters and digits: safe in an expression. */
const containing = (sought: readonly SoughtWord[]): Condition[] =>
  sought.length === 0
    ? [{ _id: { $in: [] } }]
    : sought.map(({ number, prefix }) => ({
        searchWords: {
          $in: [...(number ? [number] : []), ...(prefix ? [new RegExp(`^${prefix}`, "u")] : [])],
        },
      }));
