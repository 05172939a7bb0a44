/** The cases service is killed again and again while its queue is routed (G07, B10, P12). */
import { expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "#shared/testing/until.ts";
import { handovers, holders, tellStates } from "../system/agents.ts";
import { startNode } from "../system/nodes.ts";
import { aMessage, beside, expected, makeInbox, post, startSystem } from "../system/system.ts";

const others = beside("cases");
const messages = 200;
const kills = 4;

test("G07, B10: each case is assigned exactly once though both replicas of cases are killed 4 times", async () => {
  const system = await startSystem(
    { mongodbUrl: String(process.env["MONGODB_URL"]), natsUrl: String(process.env["NATS_URL"]) },
    [others, "cases", "cases"],
  );
  try {
    const { http, token } = system;
    const inbox = await makeInbox(system);
    const agents = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const email = `${randomUUID()}@example.com`;
        const body = { email, name: "Agent", role: "agent", password: "a-long-enough-one" };
        return expected(await http("POST", "/api/v1/users", { body, token }), 201).json<{
          id: string;
        }>().id;
      }),
    );
    const items = agents.map((userId) => ({ userId, channelIds: [inbox.channelId] }));
    const path = `/api/v1/campaigns/${inbox.campaignId}/agents`;
    expected(await http("PUT", path, { body: { items }, token }), 200);
    await tellStates(system, agents, "available");

    const posting = postAll();
    for (let kill = 0; kill < kills; kill += 1) {
      await pause(300 + 400 * Math.random()); // anywhere in the middle
      const place = 1 + (kill % 2);
      await system.nodes[place]?.kill();
      system.nodes[place] = startNode("cases", system.environment);
    }
    await posting;
    const kept = await until(
      async () => {
        const found = await holders(system);
        return found.size === messages && [...found.values()].every(Boolean) && found;
      },
      { withinMs: 60_000, everyMs: 250 },
    );

    const told = await handovers(system);
    expect(told).toHaveLength(messages);
    expect(new Map(told.map(({ id, assigneeId }) => [id, assigneeId]))).toEqual(kept);

    async function postAll(): Promise<void> {
      const left = Array.from({ length: messages }, () => aMessage());
      const sender = async () => {
        for (let next = left.pop(); next; next = left.pop()) {
          expected(await post(http, inbox, next), 201, 202);
          await pause(10);
        }
      };
      await Promise.all([sender(), sender()]);
    }
  } finally {
    await system.stop();
  }
}, 180_000);
