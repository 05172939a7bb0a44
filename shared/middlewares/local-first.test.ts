import { expect, test } from "@jest/globals";
import { ServiceBroker, type Context } from "moleculer";
import { newId } from "#shared/ids.ts";
import { SteadyNats } from "#shared/steady-nats.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { localFirst } from "./local-first.ts";

async function twoNodes() {
  const namespace = newId();
  const node = (nodeID: string) =>
    new ServiceBroker({
      namespace,
      nodeID,
      logger: false,
      transporter: new SteadyNats({ url: String(process.env["NATS_URL"]) }),
      disableBalancer: true,
      middlewares: [localFirst],
      registry: { stopDelay: 0 },
    });
  const [near, far] = [node("near"), node("far")];
  far.createService({
    name: "far",
    actions: { mark: (ctx: Context<object, { mark?: string }>) => (ctx.meta.mark = "far") },
  });
  near.createService({
    name: "near",
    actions: {
      where: (ctx: Context) => ctx.broker.nodeID,
      quiet: () => "quiet",
      async relay(ctx: Context<object, { mark?: string }>) {
        await ctx.call("near.quiet");
        return ctx.meta.mark ?? "unmarked";
      },
    },
  });
  await Promise.all([near.start(), far.start()]);
  onTestFinished(async () => {
    await Promise.all([near.stop(), far.stop()]);
  });
  await near.waitForServices("far");
  return near;
}

test("a service of this process is called in it", async () => {
  const near = await twoNodes();

  expect(await near.call("near.where")).toBe("near");
});

test("what accompanies one call never gets into another", async () => {
  const near = await twoNodes();
  await near.call("far.mark");

  expect(await near.call("near.relay")).toBe("unmarked");
});
