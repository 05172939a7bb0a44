/** Whether the gateway says rightly how it is: health, figures, and too much to do. */
import { expect, test } from "@jest/globals";
import type { ServiceSchema } from "moleculer";
import { contracts } from "#shared/contracts/index.ts";
import { standIn } from "#shared/testing/bus.ts";
import { aCampaign, startGateway } from "../tests/gateway.ts";

const others: ServiceSchema[] = Object.entries(contracts).flatMap(([name, { actions }]) =>
  name === "identity" || name === "interactions"
    ? []
    : [
        {
          name,
          actions: Object.fromEntries(Object.keys(actions).map((action) => [action, () => null])),
        },
      ],
);

test("live without any neighbour", async () => {
  const { ask } = await startGateway({});

  const answer = await ask("GET //health/live");

  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: "ok", checks: {} });
});

test("ready when the database and every service are there", async () => {
  const identity = others.find(({ name }) => name === "audit")!;
  const everyone = [
    ...others,
    { ...identity, name: "identity", actions: { signIn: () => null, verify: () => null } },
  ];
  const { ask } = await startGateway({}, ...everyone);

  const answer = await ask("GET //health/ready");

  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    status: "ok",
    checks: { mongodb: "up", identity: "up", cases: "up", channels: "up" },
  });
});

test("not ready while a service is missing, and the checks say which", async () => {
  const { ask } = await startGateway({}, ...others.filter(({ name }) => name !== "cases"));

  const answer = await ask("GET //health/ready");

  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("2");
  expect(await answer.json()).toMatchObject({
    status: "unavailable",
    checks: { mongodb: "up", cases: "down", customers: "up" },
  });
});

test("P1: who takes messages itself goes on taking them when a neighbour leaves", async () => {
  const identity = { name: "identity", actions: { signIn: () => null } };
  const { ask, bus } = await startGateway({}, ...others, identity);
  expect((await ask("GET //health/ready")).status).toBe(200);

  await (bus as unknown as { destroyService(name: string): Promise<void> }).destroyService("cases");
  const answer = await ask("GET //health/ready");

  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: "degraded", checks: { cases: "down" } });
});

test("P10: more at once than the process takes is 503 with Retry-After", async () => {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const campaigns = standIn("campaigns", {
    get: async () => {
      await finished;
      return aCampaign;
    },
  });
  const { ask } = await startGateway({ maxInFlight: 3 }, campaigns);
  const get = () => ask("GET /campaigns/c1", { token: "agent" });

  const all = Array.from({ length: 8 }, get);
  const refused = await Promise.race(all);
  const live = await ask("GET //health/live");
  finish();
  const statuses = (await Promise.all(all)).map(({ status }) => status);

  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(live.status).toBe(200);
  expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  expect((await get()).status).toBe(200);
});

test("figures are served on a port of their own", async () => {
  const { ask, service } = await startGateway(
    { metricsPort: 0 },
    standIn("campaigns", { get: () => aCampaign }),
  );
  await ask("GET /campaigns/c1", { token: "agent" });
  await ask("GET /campaigns/c1", { token: "agent" });

  const { metricsPort = 0 } = service.address();
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();

  const labels = 'method="GET",route="/api/v1/campaigns/:id",status="200"';
  expect(text).toContain(`casewire_http_requests_total{${labels}} 2`);
  expect(text).toContain(`casewire_http_request_duration_seconds_count{${labels}} 2`);
  expect(text).toContain("casewire_http_requests_in_flight 0");
  expect((await ask("GET //metrics")).status).toBe(404);
});
