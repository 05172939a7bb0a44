/** Agents vanish while processes are killed: their cases are left within the grace time, once. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { until } from "#shared/testing/until.ts";
import { startNode } from "../system/nodes.ts";
import {
  aMessage,
  beside,
  expected,
  makeInbox,
  post,
  signIn,
  startSystem,
  type Inbox,
  type System,
} from "../system/system.ts";

const agents = 20;
const casesEach = 3;
const graceSeconds = 4;

let system: System;
let inbox: Inbox;
let mongo: MongoClient;

beforeAll(async () => {
  const { MONGODB_URL, NATS_URL } = process.env;
  const servers = { mongodbUrl: String(MONGODB_URL), natsUrl: String(NATS_URL) };
  // of two that sweep, one is killed
  const layout = [beside("identity", "cases"), "identity", "cases", "identity", "cases"];
  system = await startSystem(servers, layout, { PRESENCE_GRACE_SECONDS: String(graceSeconds) });
  inbox = await makeInbox(system);
  mongo = await MongoClient.connect(servers.mongodbUrl);
}, 120_000);
afterAll(async () => {
  await mongo.close();
  await system.stop();
});

/** Somebody who enters some cases, and is never heard of again. */
async function enterAndVanish(): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const password = "a-long-enough-one";
  const body = { email, name: "Ada", role: "administrator", password };
  const asked = { body, token: system.token };
  const made = expected(await system.http("POST", "/api/v1/users", asked), 201);
  const token = await signIn(system.http, { email, password });
  for (let count = 0; count < casesEach; count += 1) {
    const message = await post(system.http, inbox, aMessage(), { prefer: "wait=20" });
    const { id } = expected(message, 201).json<{ case: { id: string } }>().case;
    expected(await system.http("POST", `/api/v1/cases/${id}/enter`, { token }), 200);
  }
  return made.json<{ id: string }>().id;
}

/** What was announced of these users, and how often, by user and case or state. */
async function toldOf(service: string, event: string, userIds: string[]) {
  const database = mongo.db(`${String(system.environment["NAMESPACE"])}_${service}`);
  const rows = await database
    .collection("outbox")
    .aggregate<{ data: { userId: string; id?: string; state?: string } }>([
      { $unwind: "$events" },
      { $replaceRoot: { newRoot: "$events" } },
      { $match: { name: event, "data.userId": { $in: userIds } } },
      { $project: { data: 1 } },
    ])
    .toArray();
  return rows.map(({ data }) => data);
}

/** Kills a process of these services and starts another in its place. */
async function replace(services: string): Promise<void> {
  const place = system.nodes.findIndex((node) => node.services === services);
  await system.nodes[place]?.kill();
  system.nodes[place] = startNode(services, system.environment);
}

test("D11, B10, P13: agents who vanish leave each of their cases once, although processes die", async () => {
  const userIds = await Promise.all(Array.from({ length: agents }, enterAndVanish));
  const began = Date.now();
  const offline = async () =>
    (await toldOf("identity", "identity.agentStateChanged", userIds)).filter(
      ({ state }) => state === "offline",
    );
  const left = () => toldOf("cases", "cases.left", userIds);

  await until(async () => (await offline()).length > 0, { withinMs: 60_000 });
  await Promise.all([replace("identity"), replace("cases")]);
  await until(async () => new Set((await left()).map(({ id }) => id)).size === agents * casesEach, {
    withinMs: 60_000,
  });
  const tookMs = Date.now() - began;
  // another round of both sweepers finds nothing
  const nobody = await enterAndVanish();
  await until(async () => (await toldOf("cases", "cases.left", [nobody])).length === casesEach, {
    withinMs: 60_000,
  });

  expect((await offline()).map(({ userId }) => userId).sort()).toEqual([...userIds].sort());
  expect(await left()).toHaveLength(agents * casesEach);
  // the grace time, a turn of the sweeper, and what a killed holder's lease keeps others waiting
  expect(tookMs).toBeLessThan((graceSeconds + 20) * 1_000);
}, 180_000);
