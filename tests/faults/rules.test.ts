/**
 * Business rules act on cases while one of the processes that judge them is killed again and again;
 * afterwards each rule has acted once on each case. RULE_CASES=2000 RULE_KILLS=20 is the whole drill.
 */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { MongoClient } from "mongodb";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "#shared/testing/until.ts";
import { startNode } from "../system/nodes.ts";
import {
  aMessage,
  askerOf,
  beside,
  expected,
  makeInbox,
  post,
  startSystem,
  type System,
} from "../system/system.ts";

const cases = Number(process.env["RULE_CASES"] ?? 60);
const kills = Number(process.env["RULE_KILLS"] ?? 2);
let system: System;
let client: MongoClient;
beforeAll(async () => {
  const [mongodbUrl, natsUrl] = [process.env["MONGODB_URL"], process.env["NATS_URL"]].map(String);
  const servers = { mongodbUrl: mongodbUrl!, natsUrl: natsUrl! };
  const layout = [beside("automation"), "automation", "automation"];
  system = await startSystem(servers, layout, { RULE_SWEEP_SECONDS: "1" });
  client = await MongoClient.connect(servers.mongodbUrl);
}, 120_000);
afterAll(async () => {
  await Promise.all(system.nodes.map((node) => node.kill()));
  await client.close();
});

const ask = askerOf(() => system);
const rows = <D extends object>(service: string, collection: string) =>
  client.db(`${String(system.environment["NAMESPACE"])}_${service}`).collection<D>(collection);

/** How often each case was told of by an event of this name. */
async function timesTold(service: string, name: string): Promise<Map<string, number>> {
  interface Told {
    name: string;
    actor: { kind: string };
    data: { id?: string; caseId?: string };
  }
  const found = rows<{ events: Told[] }>(service, "outbox").find({ "events.name": name });
  const told = (await found.toArray())
    .flatMap(({ events }) => events)
    .filter((event) => event.name === name && (service !== "cases" || event.actor.kind === "rule"));
  const byCase = Map.groupBy(told, ({ data }) => String(data.caseId ?? data.id));
  return new Map([...byCase].map(([id, all]) => [id, all.length]));
}

test(
  "P13, G10: each rule acts exactly once on each case though processes are killed",
  async () => {
    const inbox = await makeInbox(system);
    const { campaignId } = inbox;
    const options = { body: { queueAssignment: false } };
    expected(await ask("PUT", `/campaigns/${campaignId}/options`, options), 200);
    const me = expected(await ask("GET", "/me"), 200).json<{ id: string }>();
    const told = { kind: "notify", to: "users", userIds: [me.id], message: "Look" };
    for (const rule of [
      { kind: "trigger", trigger: "caseCreated", actions: [{ kind: "escalate" }, told] },
      {
        kind: "automation",
        all: [{ column: "hours.sinceCreated", operator: "isAtLeast", value: 0.0005 }],
        actions: [{ kind: "setPriority", priority: "high" }],
      },
    ]) {
      const body = { name: rule.kind, campaignIds: [campaignId], ...rule };
      // a node that has just started may not know its neighbours yet
      await until(async () => (await ask("POST", "/business-rules", { body })).status === 201);
    }

    const sent = (async () => {
      for (let count = 0; count < cases; count += 1) {
        expected(await post(system.http, inbox, aMessage({ threadKey: String(count) })), 201);
      }
    })();
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(500 + Math.random() * 1_500); // anywhere in the middle
      const place = 1 + (kill % 2);
      await system.nodes[place]?.kill();
      system.nodes[place] = startNode("automation", system.environment);
    }
    await sent;
    await until(
      async () =>
        (await rows("automation", "executions").countDocuments({ state: "done" })) >= 2 * cases,
      { withinMs: 60_000 + cases * 50, everyMs: 200 },
    );

    const ids = (await rows<{ _id: string }>("cases", "cases").find().toArray()).map(
      ({ _id }) => _id,
    );
    const once = new Map(ids.map((id) => [id, 1]));
    expect(ids).toHaveLength(cases);
    expect(await timesTold("cases", "cases.escalated")).toEqual(once);
    expect(await timesTold("cases", "cases.changed")).toEqual(once);
    expect(await timesTold("automation", "automation.notified")).toEqual(once);
    const executions = await rows<{ state: string }>("automation", "executions").find().toArray();
    expect(executions.filter(({ state }) => state !== "done")).toEqual([]);
    expect(executions).toHaveLength(2 * cases);
  },
  120_000 + cases * 200,
);
