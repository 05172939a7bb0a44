/** No call is lost on the bus while nodes start, change and stop (P12). */
import { expect, test } from "@jest/globals";
import { ServiceBroker, type ServiceSchema } from "moleculer";
import { newId } from "./ids.ts";
import { SteadyNats } from "./steady-nats.ts";
import { onTestFinished } from "./testing/finished.ts";
import { until } from "./testing/until.ts";

const far: ServiceSchema = { name: "far", actions: { ping: () => "pong" } };

function aBus() {
  const namespace = newId();
  return async (...services: ServiceSchema[]) => {
    const node = new ServiceBroker({
      namespace,
      nodeID: newId(),
      logger: false,
      transporter: new SteadyNats({ url: String(process.env["NATS_URL"]) }),
      disableBalancer: true,
      requestTimeout: 3_000,
      registry: { stopDelay: 50 },
    });
    for (const service of services) node.createService(service);
    await node.start();
    onTestFinished(() => node.stop());
    return node;
  };
}

/** Calls one after the other until told to stop, and answers how many there were and what failed. */
function calling(node: ServiceBroker) {
  let going = true as boolean;
  let made = 0;
  const failed: unknown[] = [];
  const loop = (async () => {
    for (; going; made += 1) {
      await node.call("far.ping").catch((error: unknown) => failed.push(error));
    }
  })();
  return {
    made: () => made,
    async stop() {
      going = false;
      await loop;
      return failed;
    },
  };
}

test("P12: no call is lost while other services of its node come and go", async () => {
  const start = aBus();
  const [host, asker] = [await start(far), await start()];
  await asker.waitForServices("far");
  const calls = calling(asker);

  for (let change = 0; change < 3; change += 1) {
    const passing = host.createService({
      name: `passing${String(change)}`,
      actions: { a: () => 1 },
    });
    await asker.waitForServices(passing.name);
    await host.destroyService(passing);
  }

  expect(await calls.stop()).toEqual([]);
  expect(calls.made()).toBeGreaterThan(10);
});

test("P12: what a node is told of when it asks can be called at once", async () => {
  const start = aBus();
  let begun = (): void => undefined;
  const slow = { name: "slow", started: () => new Promise<void>((resolve) => (begun = resolve)) };
  const starting = start(far, slow);
  onTestFinished(() => starting.then(() => undefined));

  const asker = await start();
  await asker.waitForServices("far");

  expect(await asker.call("far.ping")).toBe("pong");
  begun();
});

test("P12: no call is lost when one of two replicas stops in good order", async () => {
  const start = aBus();
  const [one, two, asker] = [await start(far), await start(far), await start()];
  const nodes = () =>
    (asker.registry.getServiceList({}) as { name: string }[]).filter(({ name }) => name === "far");
  await until(() => Promise.resolve(nodes().length === 2));
  const calls = Array.from({ length: 20 }, () => calling(asker));

  await one.stop();
  const before = calls.reduce((sum, { made }) => sum + made(), 0);
  await until(() =>
    Promise.resolve(calls.reduce((sum, { made }) => sum + made(), 0) > before + 100),
  );

  expect((await Promise.all(calls.map((each) => each.stop()))).flat()).toEqual([]);
  expect(await two.call("far.ping")).toBe("pong");
});
