/** Effects that are the same twice by nature: had at least once, without inbox and transaction. */
import { expect, test } from "@jest/globals";
import { newId } from "../ids.ts";
import { testLogger } from "../testing/events.ts";
import { onTestFinished } from "../testing/finished.ts";
import { until } from "../testing/until.ts";
import { startConsumer } from "./consumer.ts";
import type { DomainEvent } from "./event.ts";
import { announce, changed, joined } from "./events.samples.ts";
import { inbox } from "./inbox.ts";
import { startRelay } from "./relay.ts";

type Changes = DomainEvent<"customers.changed">[];

async function listening(take: (events: Changes) => void) {
  await joined("customers", "files");
  const relay = await startRelay("customers", testLogger());
  onTestFinished(() => relay.stop());
  const repeatable = {
    "customers.changed": (events: Changes) => {
      take(events);
      return Promise.resolve();
    },
  };
  const handlers = { events: {}, repeatable: repeatable as never };
  const consumer = await startConsumer("files", handlers, testLogger(), {
    patience: { attempts: 3, pausesMs: [10], absenceMs: 60_000 },
  });
  onTestFinished(() => consumer.stop());
}

test("P4: a repeatable effect that failed is had again; the inbox knows nothing of it", async () => {
  const ids = [newId(), newId(), newId()];
  const seen: string[] = [];
  let failures = 0;
  await listening((events) => {
    const own = events.map(({ aggregate }) => aggregate.id).filter((id) => ids.includes(id));
    if (own.length > 0 && failures < 2) {
      failures += 1;
      throw new Error("Not now");
    }
    seen.push(...own);
  });

  await announce(ids.map((id) => changed(id, 1)));

  await until(() => ids.every((id) => seen.includes(id)));
  expect(failures).toBe(2);
  expect(await inbox("files").countDocuments()).toBe(0);
});
