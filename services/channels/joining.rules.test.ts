/** The order of two conversations that become one (F094, F140, P3). */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { joinedOrder } from "./joining.rules.ts";

/** A conversation whose interactions came in at these seconds; null: not settled yet. */
const conversation = (name: string, seconds: readonly (number | null)[]) =>
  seconds.flatMap((second, index) =>
    second === null
      ? []
      : [{ id: `${name}${String(index + 1)}`, seq: index + 1, at: new Date(second * 1_000) }],
  );

const joined = (own: readonly (number | null)[], theirs: readonly (number | null)[]) =>
  joinedOrder(conversation("s", own), conversation("a", theirs), {
    survivorCount: own.length,
    absorbedCount: theirs.length,
  });

const named = (order: ReturnType<typeof joined>) =>
  order.map(({ one, seq }) => `${String(seq)} ${one.id}`);

test("F140: interactions of both come in the order of their times; at the same time the survivor's first", () => {
  expect(named(joined([1, 4, 5], [2, 4, 9]))).toEqual([
    ...["1 s1", "2 a1", "3 s2", "4 a2", "5 s3", "6 a3"],
  ]);
});

test("P3: a message that was filed late keeps its place behind those filed before it", () => {
  expect(named(joined([5, 1, 6], [3, 7]))).toEqual(["1 a1", "2 s1", "3 s2", "4 s3", "5 a2"]);
});

test("P7: what is not settled yet has its place kept", () => {
  expect(named(joined([1, null, 5], [2, null]))).toEqual(["1 s1", "3 a1", "5 s3"]);
});

test("P3, P7: whatever the times, places are dense from 1, each once, and either order is kept", () => {
  const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 });
  fc.assert(
    fc.property(times, times, (own, theirs) => {
      const order = joined(own, theirs);
      expect(order.map(({ seq }) => seq)).toEqual(
        Array.from({ length: own.length + theirs.length }, (_, index) => index + 1),
      );
      for (const name of ["s", "a"]) {
        const seqs = order.filter(({ one }) => one.id.startsWith(name)).map(({ one }) => one.seq);
        expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
      }
    }),
  );
});
