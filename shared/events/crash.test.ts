/** P4: processes that relay and listen are killed again and again. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";
import { onTestFinished } from "../testing/finished.ts";
import { until } from "../testing/until.ts";
import type { DomainEvent } from "./event.ts";
import { announce, changes, inStream, joined, versionsOf } from "./events.samples.ts";

const program = fileURLToPath(new URL("listener.samples.ts", import.meta.url));
const kills = 3;

const effects = () => nativeOf<Pick<DomainEvent, "aggregate">>(database("cases"), "effects");

function listener(): ChildProcess {
  const child = spawn(process.execPath, [program], {
    env: process.env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test("P4: nothing is lost or doubled although every process is killed in its work", async () => {
  await joined("customers", "cases");
  const told = changes(20, 40);
  await announce(told);

  for (let killed = 1; killed <= kills; killed += 1) {
    const child = listener();
    const enough = (killed * told.length) / (kills + 1);
    await until(async () => (await effects().countDocuments()) >= enough, {
      everyMs: 5,
      withinMs: 100_000,
    });
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  listener();

  await until(async () => (await effects().countDocuments()) >= told.length, { everyMs: 50 });
  const rows = await effects().find().sort({ _id: 1 }).toArray();
  expect(versionsOf(rows)).toEqual(versionsOf(told));
  expect(await inStream()).toHaveLength(told.length);
});
