/** P11: a gateway that stops fails no request, though its connections are kept alive. */
import { expect, test } from "@jest/globals";
import { Agent, get } from "node:http";
import { standIn } from "#shared/testing/bus.ts";
import { aCampaign, askOn, startGateway } from "../tests/gateway.ts";

interface Heard {
  status: number;
  connection: string | undefined;
}

/** Asks on a connection that is kept alive. */
function askAlive(agent: Agent, port: number, path: string): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: "Bearer agent" };
    get({ agent, port, host: "127.0.0.1", path, headers }, (answer) => {
      answer.resume().on("end", () => {
        resolve({ status: answer.statusCode ?? 0, connection: answer.headers.connection });
      });
    }).on("error", reject);
  });
}

test("what is in flight is finished, what comes on open connections is told to be the last", async () => {
  let reached = (): void => undefined;
  let finish = (): void => undefined;
  const entered = new Promise<void>((resolve) => (reached = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const campaigns = standIn("campaigns", {
    get: async () => {
      reached();
      await finished;
      return aCampaign;
    },
  });
  const { port, service } = await startGateway(
    { pace: { idleMs: 500, flightMs: 5_000 } },
    campaigns,
  );
  const agent = new Agent({ keepAlive: true });
  const other = new Agent({ keepAlive: true });
  await askAlive(other, port, "/health/live");
  const inFlight = askAlive(agent, port, "/api/v1/campaigns/c1");
  await entered;

  const drained = service.drain();
  const late = await askAlive(other, port, "/health/ready");
  const refused = askOn(port)("GET //health/live");
  await expect(refused).rejects.toThrow();
  finish();

  expect(late).toEqual({ status: 503, connection: "close" });
  expect((await inFlight).status).toBe(200);
  await drained;
  agent.destroy();
  other.destroy();
});

test("idle connections do not hold up the stop", async () => {
  const { port, service } = await startGateway({ pace: { idleMs: 50, flightMs: 5_000 } });
  const agent = new Agent({ keepAlive: true });
  await Promise.all([1, 2, 3].map(() => askAlive(agent, port, "/health/live")));

  const began = performance.now();
  await service.drain();

  expect(performance.now() - began).toBeLessThan(2_000);
  agent.destroy();
});

test("a request that never ends does not hold up the stop for ever", async () => {
  let reached = (): void => undefined;
  const entered = new Promise<void>((resolve) => (reached = resolve));
  const campaigns = standIn("campaigns", {
    get: () => {
      reached();
      return new Promise<never>(() => undefined);
    },
  });
  const { port, service } = await startGateway({ pace: { idleMs: 50, flightMs: 100 } }, campaigns);
  const agent = new Agent({ keepAlive: true });
  const cut = askAlive(agent, port, "/api/v1/campaigns/c1");
  cut.catch(() => undefined);
  await entered;

  await service.drain();

  await expect(cut).rejects.toThrow();
  agent.destroy();
});
