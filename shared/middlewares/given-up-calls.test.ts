import { expect, test } from "@jest/globals";
import { ServiceBroker } from "moleculer";
import { newId } from "#shared/ids.ts";
import { SteadyNats } from "#shared/steady-nats.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { givenUpCalls } from "./given-up-calls.ts";

const longestStopMs = 60_000;

test("a call that nobody answers is forgotten once it is given up, and holds up no stop", async () => {
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
  far.createService({ name: "far", actions: { be: () => "there", ask: () => never } });
  await Promise.all([near.start(), far.start()]);
  onTestFinished(() => far.stop());
  await near.waitForServices("far");

  const waiting = () =>
    (near.transit as unknown as { pendingRequests: Map<string, unknown> }).pendingRequests.size;
  const answered = await near.call("far.be", {}, { timeout: 10_000 });
  const asked = near.call("far.ask", {}, { timeout: 200 });
  const meanwhile = waiting();

  await expect(asked).rejects.toMatchObject({ code: 504, type: "REQUEST_TIMEOUT" });
  await until(() => waiting() === 0);
  const before = Date.now();
  await near.stop();

  expect([answered, meanwhile]).toEqual(["there", 1]);
  expect(Date.now() - before).toBeLessThan(longestStopMs / 2);
}, 90_000);
