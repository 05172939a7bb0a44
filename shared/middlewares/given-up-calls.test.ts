import { expect, test } from "@jest/globals";
import { ServiceBroker } from "moleculer";
import { newId } from "#shared/ids.ts";
import { SteadyNats } from "#shared/steady-nats.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { givenUpCalls } from "./given-up-calls.ts";

const longestStopMs = 60_000;

test("a call that nobody answers holds up no stop once it is given up", async () => {
  const namespace = newId();
  const node = (nodeID: string) =>
    new ServiceBroker({
      namespace,
      nodeID,
      logger: false,
      transporter: new SteadyNats({ url: String(process.env["NATS_URL"]) }),
      disableBalancer: true,
      tracking: { enabled: nodeID === "near", shutdownTimeout: longestStopMs },
      middlewares: [givenUpCalls],
      registry: { stopDelay: 0 },
    });
  const [near, far] = [node("near"), node("far")];
  const never = new Promise(() => undefined);
  far.createService({ name: "far", actions: { ask: () => never } });
  await Promise.all([near.start(), far.start()]);
  onTestFinished(() => far.stop());
  await near.waitForServices("far");

  await expect(near.call("far.ask", {}, { timeout: 200 })).rejects.toMatchObject({ code: 504 });
  const before = Date.now();
  await near.stop();

  expect(Date.now() - before).toBeLessThan(longestStopMs / 2);
}, 90_000);
