/** Services come up beside a MongoDB that is only starting. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { findMongod } from "../../deploy/local/binaries.ts";
import { startMongod } from "../../deploy/local/mongod.ts";
import { onTestFinished } from "../testing/finished.ts";
import { connect, database, disconnect } from "./connection.ts";

const log = () => undefined;

test("P12: a service that starts before MongoDB answers waits for it, however often it is asked", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "casewire-mongod-"));
  const start = async () => startMongod(await findMongod(log), { dataDir, cacheGb: 0.25, log });
  const before = await start();
  await before.stop();
  process.env["MONGODB_URL"] = before.url;
  process.env["REQUEST_TIMEOUT_MS"] = "200"; // far less than a mongod takes to start

  const connected = Promise.all([connect(), connect()]);
  const mongod = await start();
  onTestFinished(async () => {
    await Promise.all([disconnect(), disconnect()]);
    await mongod.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  await connected;

  const answer = await database("cases").db?.command({ ping: 1 });
  expect(answer).toMatchObject({ ok: 1 });
});
