/** Jobs over many cases while the process that works on them is killed: each case once (F112, F126). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { MongoClient } from "mongodb";
import type { BulkJob } from "#shared/contracts/cases/bulk.ts";
import { until } from "#shared/testing/until.ts";
import { startNode } from "../system/nodes.ts";
import {
  beside,
  expected,
  makeInbox,
  startSystem,
  type Inbox,
  type System,
} from "../system/system.ts";

const many = Number(process.env["BULK"] ?? 60);

let system: System;
let inbox: Inbox;
let mongo: MongoClient;

beforeAll(async () => {
  const { MONGODB_URL, NATS_URL } = process.env;
  const servers = { mongodbUrl: String(MONGODB_URL), natsUrl: String(NATS_URL) };
  const others = beside("cases");
  system = await startSystem(servers, [others, "cases"], {});
  inbox = await makeInbox(system);
  mongo = await MongoClient.connect(servers.mongodbUrl);
}, 120_000);
afterAll(async () => {
  await mongo.close();
  await system.stop();
});

const ask = (method: string, path: string, body?: object) =>
  system.http(method, `/api/v1${path}`, { token: system.token, ...(body ? { body } : {}) });

/** Begins a job, kills the process of cases in the middle of it, and waits for its end. */
async function killedInTheMiddle(path: string, body: object): Promise<BulkJob> {
  const { id } = expected(await ask("POST", path, body), 202).json<BulkJob>();
  const read = async () => {
    const answer = await ask("GET", `/bulk-jobs/${id}`);
    return answer.status === 200 ? answer.json<BulkJob>() : undefined;
  };
  await until(async () => ((await read())?.done ?? 0) > 0, { everyMs: 5 });
  await system.nodes[1]?.kill();
  system.nodes[1] = startNode("cases", system.environment);
  return until(
    async () => {
      const job = await read();
      return job?.state === "done" && job;
    },
    { withinMs: 60_000, everyMs: 100 },
  );
}

const kept = (collection: string) =>
  mongo.db(`${String(system.environment["NAMESPACE"])}_cases`).collection(collection);

/** How often an event was announced, by case. */
async function toldOf(event: string): Promise<number[]> {
  const rows = await kept("outbox")
    .aggregate<{ times: number }>([
      { $unwind: "$events" },
      { $match: { "events.name": event } },
      { $group: { _id: "$events.data.id", times: { $sum: 1 } } },
    ])
    .toArray();
  return rows.map(({ times }) => times);
}

test("F112, F126, B01: a job whose process is killed goes on, and does each case once", async () => {
  const form = { description: "Came to the desk", campaignId: inbox.campaignId };
  const cases = Array.from({ length: many }, (_, place) => ({
    ...{ ...form, customer: { firstName: `Ada ${String(place)}` } },
  }));

  const made = await killedInTheMiddle("/cases/bulk", { cases });
  const filter = { campaignId: [inbox.campaignId] };
  const closed = await killedInTheMiddle("/cases/bulk-close", { filter });

  for (const job of [made, closed]) {
    expect(job).toMatchObject({ total: many, done: many, refused: 0 });
  }
  const campaignId = inbox.campaignId;
  expect(await kept("cases").countDocuments({ campaignId })).toBe(many);
  expect(await kept("cases").countDocuments({ campaignId, status: "closed" })).toBe(many);
  const customers = await kept("cases").distinct("customerId", { campaignId });
  expect(customers).toHaveLength(many);
  for (const event of ["cases.created", "cases.closed"]) {
    expect(await toldOf(event)).toEqual(Array.from({ length: many }, () => 1));
  }
  const rows = await kept("bulkRows").find().toArray();
  expect(rows.filter(({ outcome }) => outcome === "done")).toHaveLength(2 * many);
}, 180_000);
