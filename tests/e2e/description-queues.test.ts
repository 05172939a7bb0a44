/** Queues answer as the description of the API says (B11). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { aMessage, makeInbox, post, signIn, type System } from "../system/system.ts";
import { ofQueues, startAsking, type Asking } from "./asking.ts";

let system: System;
let ask: Asking["ask"];
let asked: Asking["asked"];

beforeAll(async () => {
  ({ system, ask, asked } = await startAsking());
}, 90_000);
afterAll(() => system.stop());

test("B11: taking a case, the pending list and the queue", async () => {
  const inbox = await makeInbox(system);
  const path = { id: inbox.campaignId };
  const credentials = { email: `${randomUUID()}@example.com`, password: "a-long-enough-one" };
  const user = { ...credentials, name: "Ada", role: "agent" };
  const { id: userId } = await ask("identity.createUser", { body: user });
  const items = [{ userId, channelIds: [inbox.channelId], weight: 2 }];
  await ask("campaigns.setAgents", { path, body: { items } });
  await ask("campaigns.setOptions", { path, body: { queueAssignment: false, capacity: 10 } });
  const token = await signIn(system.http, credentials);
  const filed = (await post(system.http, inbox, aMessage())).json<{ case: { id: string } }>();

  await ask("cases.queue", { path });
  await ask("cases.take", { path: { id: filed.case.id }, token });
  await ask("cases.listPending", { query: "?limit=1&count=true", token });

  expect(ofQueues.filter((one) => !asked.has(one))).toEqual([]);
});
