import { beforeEach, expect, test } from "@jest/globals";
import type { Collection } from "mongodb";
import { encodeCursor } from "../cursor.ts";
import { newId } from "../ids.ts";
import { onTestFinished } from "../testing/finished.ts";
import { connect, database, disconnect } from "./connection.ts";
import { findPage, type SortKey } from "./pages.ts";
import { nativeOf } from "./store.ts";

interface Row {
  _id: string;
  name?: string | null;
  at?: Date | null;
  rank: number;
}

let rows: Collection<Row>;

beforeEach(async () => {
  await connect();
  onTestFinished(disconnect);
  rows = nativeOf<Row>(database("audit"), `rows-${newId()}`);
});

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

const mixed: Row[] = Array.from({ length: 40 }, (_, place) => ({
  _id: `row-${String(place).padStart(2, "0")}`,
  ...(place % 5 === 0 ? {} : { name: place % 5 === 1 ? null : `name ${place % 4}` }),
  ...(place % 3 === 0 ? { at: null } : { at: at(place % 7) }),
  rank: place % 2,
}));

async function allPages(sort: readonly SortKey[], limit: number): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof findPage<Row>>> = await findPage(rows, {
      sort,
      limit,
      cursor: cursor ?? undefined,
    });
    seen.push(...page.items.map((one) => one._id));
    cursor = page.nextCursor;
  } while (cursor);
  return seen;
}

const sorts: SortKey[][] = [
  [["_id", 1]],
  [
    ["at", -1],
    ["_id", -1],
  ],
  [
    ["at", 1],
    ["_id", -1],
  ],
  [
    ["name", 1],
    ["at", -1],
    ["_id", 1],
  ],
  [
    ["name", -1],
    ["rank", 1],
    ["at", 1],
    ["_id", -1],
  ],
];

test.each(sorts.map((sort) => [JSON.stringify(sort), sort] as const))(
  "a list in pages is the whole list, each row once, nulls included: %s",
  async (_, sort) => {
    await rows.insertMany(mixed);
    const whole = await rows
      .find()
      .sort(sort.map(([path, direction]) => [path, direction] as [string, 1 | -1]))
      .toArray();

    const seen = await allPages(sort, 3);

    expect(seen).toEqual(whole.map((one) => one._id));
  },
);

test("a page that ends with the list has no next cursor", async () => {
  await rows.insertMany(mixed.slice(0, 3));

  const page = await findPage(rows, { sort: [["_id", 1]], limit: 3 });

  expect(page).toMatchObject({ items: [{}, {}, {}], nextCursor: null });
});

test("the total is counted only when asked for, and over all pages", async () => {
  await rows.insertMany(mixed);
  const request = { filter: { rank: 1 }, sort: [["_id", 1]] as const, limit: 2 };

  const plain = await findPage(rows, request);
  const counted = await findPage(rows, { ...request, cursor: plain.nextCursor!, count: true });

  expect(plain).not.toHaveProperty("total");
  expect(counted.total).toBe(20);
});

test.each([
  ["no base64", "%%%"],
  ["no JSON", Buffer.from("{").toString("base64url")],
  ["no list", Buffer.from('{"a":1}').toString("base64url")],
  ["too few values", encodeCursor(["row-01"])],
  ["nothing beyond it", encodeCursor([null, null])],
  ["an operator", Buffer.from('[{"$ne":null},"row-01"]').toString("base64url")],
  ["an impossible time", Buffer.from('[{"at":1e99},"row-01"]').toString("base64url")],
])("a cursor that no list handed out is refused by name: %s", async (_, cursor) => {
  const sort: SortKey[] = [
    ["at", -1],
    ["_id", -1],
  ];

  const refused = findPage(rows, { sort, limit: 2, cursor });

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "cursor" }] },
  });
});

test.each([1, -1] as const)("a page far down reads no more than a first one: %s", async (way) => {
  await rows.insertMany(
    Array.from({ length: 2_000 }, (_, place) => ({
      _id: String(place).padStart(4, "0"),
      at: at(place),
      rank: 0,
    })),
  );
  await rows.createIndexes([{ key: { rank: 1, at: way, _id: way } }]);
  const sort: SortKey[] = [
    ["at", way],
    ["_id", way],
  ];
  const database = rows.db;
  await database.command({ profile: 2 });
  onTestFinished(() => database.command({ profile: 0 }).then(() => undefined));

  const cursor = encodeCursor([at(1_000), "1000"]);
  await findPage(rows, { filter: { rank: 0 }, sort, limit: 10, cursor });

  const [read] = await database
    .collection("system.profile")
    .find({ ns: rows.namespace, op: "query" })
    .toArray();
  expect(read?.["keysExamined"]).toBeLessThan(30);
});
