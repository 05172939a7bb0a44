/** Pages of which a neighbour says row by row what is shown. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { connect, database, disconnect } from "./connection.ts";
import { findSifted } from "./sifted-pages.ts";
import { nativeOf } from "./store.ts";

const rows = Array.from({ length: 60 }, (_, index) => ({
  _id: `row ${String(index).padStart(2, "0")}`,
  place: Math.floor(index / 4),
}));
const table = () => nativeOf<(typeof rows)[0]>(database("cases"), "sifted");
const sort = [
  ["place", 1],
  ["_id", 1],
] as const;

beforeAll(async () => {
  await connect();
  await table().insertMany(rows);
});
afterAll(disconnect);

test("B09: page after page brings what is shown, each once and in order, whatever that is", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.subarray(rows.map(({ _id }) => _id)),
      fc.integer({ min: 1, max: 20 }),
      async (shown, limit) => {
        const found: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await findSifted(table(), { sort, limit, cursor }, (some) =>
            Promise.resolve(some.map(({ _id }) => (shown.includes(_id) ? _id : undefined))),
          );
          expect(page.items.length).toBeLessThanOrEqual(limit);
          found.push(...page.items);
          cursor = page.nextCursor ?? undefined;
        } while (cursor);

        expect(found).toEqual(shown);
      },
    ),
    { numRuns: 60 },
  );
});

test("nobody is asked about an empty list", async () => {
  const page = await findSifted(table(), { filter: { place: -1 }, sort, limit: 5 }, () =>
    Promise.reject(new Error("asked")),
  );

  expect(page).toEqual({ items: [], nextCursor: null });
});
