import { expect, test } from "@jest/globals";
import { setImmediate as turn } from "node:timers/promises";
import { groupCommit } from "./group-commit.ts";
import { until } from "./testing/until.ts";

const options = { maxBatch: 10, maxWaiting: 100, lanes: 2, worthwhile: 3 };

/** A group whose batches end when the test says so. */
function held<T extends string>(more: object = {}) {
  const batches: T[][] = [];
  const ends: (() => void)[] = [];
  const put = groupCommit<T, T>(
    async (items) => {
      batches.push(items);
      await new Promise<void>((resolve) => ends.push(resolve));
      return items.map((item) => (item === "bad" ? new Error("bad") : item));
    },
    { ...options, ...more },
  );
  const all = (...items: T[]) => Promise.allSettled(items.map(put));
  return { batches, all, end: () => ends.shift()?.() };
}

test("what arrives in one turn goes together, and each item has its own answer", async () => {
  const { batches, all, end } = held();
  const answers = all("a", "bad", "c");

  await until(() => batches.length === 1);
  end();

  expect(batches).toEqual([["a", "bad", "c"]]);
  expect((await answers).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
});

test("a second batch goes beside the first only when it is worth while", async () => {
  const { batches, all, end } = held();
  const first = all("a");
  await until(() => batches.length === 1);

  const few = all("b", "c");
  await turn();
  await turn();
  expect(batches).toHaveLength(1);
  const more = all("d");
  await until(() => batches.length === 2);

  expect(batches[1]).toEqual(["b", "c", "d"]);
  end();
  end();
  await Promise.all([first, few, more]);
});

test("items of one key are never in two batches at a time, and keep their order", async () => {
  const keyOf = (item: string) => item.slice(0, 1);
  const { batches, all, end } = held({ keyOf });
  const first = all("a1");
  await until(() => batches.length === 1);

  const rest = all("a2", "b1", "c1", "d1", "a3");
  await until(() => batches.length === 2);
  expect(batches[1]).toEqual(["b1", "c1", "d1"]);

  end();
  await until(() => batches.length === 2);
  end();
  await until(() => batches.length === 3);
  end();
  await Promise.all([first, rest]);
  expect(batches[2]).toEqual(["a2", "a3"]);
});

test("beyond what may wait an item is refused with 503", async () => {
  const { batches, all, end } = held({ maxWaiting: 2, lanes: 1 });
  const first = all("a");
  await until(() => batches.length === 1);

  const rest = all("b", "c", "d");
  end();
  await until(() => batches.length === 2);
  end();
  await first;

  expect((await rest)[2]).toMatchObject({ status: "rejected", reason: { code: 503 } });
});
