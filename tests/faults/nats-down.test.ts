import { expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "#shared/testing/servers.ts";
import { until } from "#shared/testing/until.ts";
import { findNatsServer } from "../../deploy/local/binaries.ts";
import { startNatsServer } from "../../deploy/local/nats-server.ts";
import { aMessage, makeInbox, post, startSystem, together, wayApart } from "../system/system.ts";
import { check } from "./checker.ts";
import { sendAll } from "./senders.ts";

/** How long NATS is away; the half minute of the promise with NATS_DOWN_SECONDS=30. */
const downMs = Number(process.env["NATS_DOWN_SECONDS"] ?? 8) * 1_000;
const quiet = () => undefined;

interface Away {
  /** Milliseconds that each request took while NATS was away, by the status of its answer. */
  answered: Record<number, number[]>;
  retryAfter: boolean;
  verdict: Awaited<ReturnType<typeof check>>;
}

/** Runs a layout under load, takes NATS away for a while, and looks what there is afterwards. */
async function withoutNats(layout: readonly string[]): Promise<Away> {
  const dataDir = mkdtempSync(join(dataFolder(), "casewire-nats-down-"));
  const start = async () => startNatsServer(await findNatsServer(quiet), { dataDir, log: quiet });
  let nats = await start();
  const mongodbUrl = String(process.env["MONGODB_URL"]);
  const system = await startSystem({ mongodbUrl, natsUrl: nats.url }, layout);
  try {
    const inbox = await makeInbox(system);
    const logFile = join(dataDir, "acknowledged.jsonl");
    const load = { messages: 150, senders: 4, seed: 1, logFile, progress: quiet };
    await sendAll(system, inbox, load);

    await nats.stop();
    const answered: Away["answered"] = {};
    let retryAfter = true;
    const back = Date.now() + downMs;
    while (Date.now() < back) {
      const began = Date.now();
      const answer = await post(system.http, inbox, aMessage());
      (answered[answer.status] ??= []).push(Date.now() - began);
      if (answer.status === 503) retryAfter &&= Boolean(answer.headers["retry-after"]);
    }
    nats = await start();

    await sendAll(system, inbox, { ...load, messages: 300, seed: 2 });
    const namespace = String(system.environment["NAMESPACE"]);
    const verdict = await until(
      async () => {
        const found = await check(logFile, mongodbUrl, namespace);
        return found.lost.length === 0 && found;
      },
      { withinMs: 60_000, everyMs: 500 },
    ).catch(() => check(logFile, mongodbUrl, namespace));
    return { answered, retryAfter, verdict };
  } finally {
    await system.stop();
    await nats.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

test("P1: one process goes on taking messages while NATS is away; every event arrives once afterwards", async () => {
  const { answered, verdict } = await withoutNats(together);

  expect(Object.keys(answered).filter((status) => Number(status) > 202)).toEqual([]);
  expect(verdict).toMatchObject({ lost: [], doubled: [], gaps: [] });
}, 180_000);

test("P1, P12: with services apart a message is answered 503 with Retry-After within 5 s while NATS is away", async () => {
  const { answered, retryAfter, verdict } = await withoutNats(wayApart());

  const refused = answered[503] ?? [];
  expect(refused.length).toBeGreaterThan(0);
  const slow = Object.entries(answered).filter(([, took]) => Math.max(...took) >= 5_500);
  expect(slow).toEqual([]);
  expect(retryAfter).toBe(true);
  expect(verdict).toMatchObject({ lost: [], doubled: [], gaps: [] });
}, 180_000);
