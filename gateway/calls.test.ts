/** How the gateway asks services: in time, and again only where the contract allows it. */
import { expect, test } from "@jest/globals";
import type { ServiceBroker } from "moleculer";
import { conflict, unavailable } from "#shared/errors.ts";
import { standIn, startBus } from "#shared/testing/bus.ts";
import { callFor } from "./calls.ts";

/** Calls files that answer the first time as `first` says, then well. */
async function startCalling(retries: number, first: () => unknown) {
  const asked: unknown[] = [];
  const files = standIn("files", {
    describe: async (ctx) => {
      asked.push(ctx.meta.requestId);
      if (asked.length === 1) await first();
      return [];
    },
  });
  const bus = await startBus(files);
  const deadline = performance.now() + 600;
  const route = { contract: { retries } };
  const call = callFor(bus as unknown as ServiceBroker, { route, deadline }, { requestId: "r1" });
  return { asked, answer: call("files.describe", { ids: [] }) };
}
const away = () => {
  throw unavailable("Not now");
};

test("what may be asked again is, when a replica is away or silent", async () => {
  const one = await startCalling(1, away);
  const other = await startCalling(1, () => new Promise<never>(() => undefined));

  expect(await one.answer).toEqual([]);
  expect(await other.answer).toEqual([]);
  expect([one.asked, other.asked]).toEqual([
    ["r1", "r1"],
    ["r1", "r1"],
  ]);
});

test("a refusal is an answer and is not asked for twice", async () => {
  const { asked, answer } = await startCalling(1, () => {
    throw conflict("TAKEN", "It is taken");
  });

  await expect(answer).rejects.toMatchObject({ type: "TAKEN" });
  expect(asked).toHaveLength(1);
});

test("what the contract does not allow to repeat is asked once", async () => {
  const { asked, answer } = await startCalling(0, away);

  await expect(answer).rejects.toMatchObject({ code: 503 });
  expect(asked).toHaveLength(1);
});
