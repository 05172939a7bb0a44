/** The list of customers to take away: `GET /customers/export.xlsx` (G18). */
import { LRUCache } from "lru-cache";
import type { Contracts, Request } from "#shared/bus.ts";
import { listDoors } from "#shared/contracts/customers/lists.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { tooLarge } from "#shared/errors.ts";
import type { Call, Door } from "../door.ts";
import { fewAtOnce } from "./few-at-once.ts";
import { workbookOf, type Cell } from "../workbook.ts";
import { columnsIn, rowOf, titles, type Language } from "./customers-sheet.ts";

type Asked = Request<Contracts["customers"]["actions"]["collect"]>;
type Filters = Omit<Asked, "limit" | "cursor" | "countTo">;

/** The most customers of one workbook: its rows are read by people. */
const mostRows = 200_000;
/** Each keeps a processor busy for a while. */
const enter = fewAtOnce(2, "Other exports are under way", 15);
const pageRows = 200;
/** The service may look longer for a page than a person would wait for a list. */
const pageTimeoutMs = 20_000;

/**
 * A workbook of every customer that the list with these filters has, made while it is sent.
 * @throws 413 TOO_LARGE beyond 200,000; 503 while two others are being made in this process
 */
export const exportCustomers: Door = async ({ params }, call) => {
  const filters = params as Filters;
  const leave = enter();
  try {
    const { language } = await call("identity.me");
    await requireFewEnough(call, filters);
    const name = titles[language];
    const rows = rowsOf(call, filters, language);
    const body = workbookOf({ name, columns: columnsIn(language), rows });
    body.once("close", leave);
    const file = `${name.toLowerCase()}-${new Date().toISOString().slice(0, 10)}.xlsx`;
    return { status: 200, headers: headersFor(file), body };
  } catch (error) {
    leave();
    throw error;
  }
};

const headersFor = (file: string): Record<string, string> => ({
  "content-type": listDoors.export.produces,
  "content-disposition": `attachment; filename="${file}"`,
  "cache-control": "no-store",
});

async function requireFewEnough(call: Call, filters: Filters): Promise<void> {
  const page = await collect(call, { ...filters, limit: 1, countTo: mostRows + 1 });
  if ((page.total ?? 0) > mostRows) {
    throw tooLarge(
      "More than 200,000 customers: narrow the list, such as by when they were created",
    );
  }
}

const collect = (call: Call, asked: Asked) =>
  call("customers.collect", asked, { timeout: pageTimeoutMs });

/** One page after the other, each once the one before it has been taken. */
async function* rowsOf(call: Call, filters: Filters, language: Language): AsyncGenerator<Cell[][]> {
  const names = new LRUCache<string, string>({ max: 5_000 });
  let rows = 0;
  let cursor: string | null | undefined;
  while (cursor !== null && rows < mostRows) {
    const page = await collect(call, {
      ...filters,
      limit: pageRows,
      ...(cursor ? { cursor } : {}),
    });
    await learnNames(call, page.items, names);
    yield page.items.map((customer) =>
      rowOf(customer, language, (ids) =>
        [...new Set(ids.map((id) => names.get(id) ?? id))].join(", "),
      ),
    );
    rows += page.items.length;
    cursor = page.nextCursor;
  }
}

const namesAtOnce = 500;
const namesTimeoutMs = 5_000;

/** Looks up the users that no page before has named; who is gone goes by the id. */
async function learnNames(
  call: Call,
  customers: readonly Customer[],
  names: LRUCache<string, string>,
): Promise<void> {
  const ids = customers.flatMap(({ owners = [] }) => owners.map(({ userId }) => userId));
  const unknown = [...new Set(ids)].filter((id) => !names.has(id));
  for (let start = 0; start < unknown.length; start += namesAtOnce) {
    const some = unknown.slice(start, start + namesAtOnce);
    const found = await call("identity.namesOf", { ids: some }, { timeout: namesTimeoutMs });
    for (const { id, name } of found) names.set(id, name);
  }
}
