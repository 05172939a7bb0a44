/** The short form of `npm run drill:reminders`: two processes of cases, of which one at a time is killed. */
import { expect, test } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "#shared/testing/until.ts";
import { startNode } from "../system/nodes.ts";
import { Timers } from "./timers.ts";

const timers = 300;
const kills = 4;
const spreadMs = 4_000;

test("P13, F175: each next action is told of exactly once though processes are killed", async () => {
  const environment = {
    MONGODB_URL: String(process.env["MONGODB_URL"]),
    NATS_URL: String(process.env["NATS_URL"]),
    NAMESPACE: `sys${randomBytes(5).toString("hex")}`,
    REMINDER_LEAD_MINUTES: "0",
  };
  const nodes = [startNode("cases", environment), startNode("cases", environment)];
  const database = new Timers(environment.MONGODB_URL, environment.NAMESPACE);
  try {
    await database.attended();
    const from = Date.now();
    const planted = await database.plant(timers, { from, to: from + spreadMs });

    for (let kill = 0; kill < kills; kill += 1) {
      await pause((spreadMs / kills) * (0.5 + Math.random())); // anywhere in the middle
      await nodes[kill % 2]?.kill();
      nodes[kill % 2] = startNode("cases", environment);
    }
    await until(async () => (await database.outstanding()) === 0, { withinMs: 60_000 });

    expect(await database.faults(planted)).toEqual([]);
  } finally {
    await Promise.all(nodes.map((node) => node.kill()));
    await database.close();
  }
}, 120_000);
