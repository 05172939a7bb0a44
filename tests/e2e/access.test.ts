import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { aMessage, expected, makeInbox, post, type Inbox, type System } from "../system/system.ts";
import { startWorld, type Outcome, type World } from "./world.ts";

let world: World;
let system: System;
let inbox: Inbox;

beforeAll(async () => {
  world = await startWorld();
  ({ system, inbox } = world);
}, 90_000);
afterAll(() => system.stop());

test("a connector's key opens its own channel and nothing else", async () => {
  const other = await makeInbox(system);

  const foreign = await post(system.http, { ...other, key: inbox.key }, aMessage());
  const cases = await world.get("/cases", inbox.key);
  const none = await post(system.http, { ...inbox, key: "cwk_wrong" }, aMessage());

  expect([foreign.status, cases.status, none.status]).toEqual([404, 403, 401]);
});

test("G04, B09: agents see the unassigned cases of their channels, supervisors their campaigns", async () => {
  const agent = await world.aUser("agent");
  const stranger = await world.aUser("agent");
  const supervisor = await world.aUser("supervisor");
  const own = await makeInbox(system);
  const put = (part: string, body: object) =>
    system.http("PUT", `/api/v1/campaigns/${own.campaignId}/${part}`, {
      body,
      token: system.token,
    });
  expected(await put("agents", [{ userId: agent.id, channelIds: [own.channelId] }]), 200);
  expected(await put("supervisors", [supervisor.id]), 200);
  const filed = expected(await post(system.http, own, aMessage()), 201).json<Outcome>();

  const seen = async (token: string) => {
    const list = expected(await world.get(`/cases?campaignId=${own.campaignId}`, token), 200);
    const one = await world.get(`/cases/${filed.case.id}`, token);
    return [list.json<{ items: unknown[] }>().items.length, one.status];
  };

  expect(await seen(agent.token)).toEqual([1, 200]);
  expect(await seen(supervisor.token)).toEqual([1, 200]);
  expect(await seen(stranger.token)).toEqual([0, 404]);
});

test("F060, F062, F008, B01: a case by hand with a new customer; its retry makes no second one", async () => {
  const headers = { "idempotency-key": randomUUID() };
  const body = {
    customer: {
      firstName: "Grace",
      lastName: "Hopper",
      documentType: "CC",
      documentNumber: randomUUID(),
    },
    description: "Came to the desk",
    campaignId: inbox.campaignId,
    priority: "high",
  };
  const ask = () => system.http("POST", "/api/v1/cases", { body, token: system.token, headers });

  const made = expected(await ask(), 201);
  const again = expected(await ask(), 201);
  const other = await system.http("POST", "/api/v1/cases", {
    body: { ...body, priority: "low" },
    token: system.token,
    headers,
  });

  expect(again.json()).toEqual(made.json());
  expect(again.headers["idempotent-replayed"]).toBe("true");
  expect(other.status).toBe(409);
  expect(other.json()).toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
});

test("F114, D18, B06: the change log tells of the case, to administrators only", async () => {
  const { case: kase } = await world.send();
  const agent = await world.aUser("agent");

  const entries = await until(async () => {
    const list = expected(await world.get(`/changes?aggregate=case&aggregateId=${kase.id}`), 200);
    const { items } = list.json<{ items: { event: string; changes: { field: string }[] }[] }>();
    return items.length > 0 && items;
  });
  const refused = await world.get("/changes", agent.token);

  expect(entries[0]).toMatchObject({ event: "cases.created" });
  expect(entries[0]?.changes.map(({ field }) => field)).toContain("status");
  expect(refused.status).toBe(403);
});
