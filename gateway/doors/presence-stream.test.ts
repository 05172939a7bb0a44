/** Who attends to a case, live, through a gateway (B13). */
import { expect, test } from "@jest/globals";
import { ServiceBroker } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import { notFound, unauthorized } from "#shared/errors.ts";
import { accessRevoked, hint, topicOfCase } from "#shared/hints.ts";
import { newId } from "#shared/ids.ts";
import { standIn } from "#shared/testing/bus.ts";
import { SteadyNats } from "#shared/steady-nats.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { actorOfToken, askOn, at, startGateway } from "../../tests/gateway.ts";
import { listenTo } from "../../tests/live.ts";
import { gatewayWith } from "../gateway.service.ts";
import { settingsOf, type Settings } from "../settings.ts";

const ada = { userId: "ada", since: at, entered: true };
const bo = { userId: "bo", since: at, entered: false, typing: "message" as const };

/** What the cases service would answer, and who has watched. */
function casesOf() {
  const world = {
    items: [ada] as (typeof ada | typeof bo)[],
    changesAt: undefined as Date | undefined,
    isSeen: true,
    watched: [] as { id: string; watcherId: string; who: string }[],
    left: [] as string[],
    looks: 0,
  };
  const actions = standIn("cases", {
    access({ params: { id } }) {
      if (!world.isSeen) throw notFound("case", id);
      return { id: "case-1", number: 7, campaignId: "c1", customerId: "k1", closed: false };
    },
    watch(ctx) {
      if (!world.isSeen) throw notFound("case", ctx.params.id);
      world.looks += 1;
      world.watched.push({ ...ctx.params, who: String(ctx.meta.actor?.id) });
      const { items, changesAt } = world;
      return { items, ...(changesAt ? { changesAt } : {}) };
    },
    unwatch: ({ params: { watcherId } }) => void world.left.push(watcherId),
  });
  return { world, actions };
}

async function startStream(live: Partial<Settings["live"]> = {}) {
  const { world, actions } = casesOf();
  const people = { isOut: false };
  const identity = standIn("identity", {
    verify({ params: { token } }) {
      if (people.isOut) throw unauthorized();
      return { ...actorOfToken(token), sessionId: "s1" };
    },
  });
  const settings = { live: { ...settingsOf().live, ...live } };
  const gateway = await startGateway(settings, identity, actions);
  const path = "/cases/7/presence/stream";
  return {
    ...gateway,
    world,
    people,
    listen: (token = "agent:ada") => listenTo(gateway.port, path, token),
    tell: () => {
      hint(gateway.bus as never, topicOfCase("case-1"));
    },
  };
}

test("B13: who attends is told at the start, and again when that changes", async () => {
  const { world, listen, tell } = await startStream();

  const heard = await listen();
  await until(() => heard.events.length === 1);
  world.items = [ada, bo];
  tell();
  await until(() => heard.events.length === 2);
  tell();
  await until(() => world.looks === 3);

  expect(heard.status).toBe(200);
  expect(heard.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(heard.headers.get("x-request-id")).toBeTruthy();
  const since = at.toISOString();
  expect(heard.events).toEqual([
    { name: "presence", data: { items: [{ ...ada, since }] } },
    {
      name: "presence",
      data: {
        items: [
          { ...ada, since },
          { ...bo, since },
        ],
      },
    },
  ]);
  expect(new Set(world.watched.map(({ who }) => who))).toEqual(new Set(["ada"]));
  expect(new Set(world.watched.map(({ id }) => id))).toEqual(new Set(["case-1"]));
});

test("B13: what ends by itself is told when it does", async () => {
  const { world, listen } = await startStream({ everyMs: 60_000 });
  world.items = [bo];
  world.changesAt = new Date(Date.now() + 300);

  const heard = await listen();
  await until(() => heard.events.length === 1);
  world.items = [];
  world.changesAt = undefined;

  await until(() => heard.events.length === 2);
  expect(heard.events[1]).toEqual({ name: "presence", data: { items: [] } });
});

test("B13: whoever hangs up watches no more", async () => {
  const { world, listen } = await startStream();
  const heard = await listen();
  await until(() => heard.events.length === 1);

  heard.close();

  await until(() => world.left.length === 1);
  expect(world.left).toEqual([world.watched[0]?.watcherId]);
});

test("G04: a case that is not seen is 404 as everywhere", async () => {
  const { world, ask } = await startStream();
  world.isSeen = false;

  const answer = await ask("GET /cases/7/presence/stream", { token: "agent" });

  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: "NOT_FOUND" });
});

test("G04: who loses sight of the case is told so with the next look, and no more", async () => {
  const { world, listen } = await startStream({ everyMs: 30 });
  const heard = await listen();
  await until(() => heard.events.length === 1);

  world.isSeen = false;

  await until(() => heard.isOver);
  expect(heard.events.at(-1)).toEqual({ name: "end", data: { status: 404, code: "NOT_FOUND" } });
});

test("a session that ends takes its streams along", async () => {
  const { bus, people, listen } = await startStream({ everyMs: 60_000 });
  const heard = await listen();
  await until(() => heard.events.length === 1);

  people.isOut = true;
  await (bus as unknown as ServiceBroker).broadcast(accessRevoked, { sessionId: "s1" });

  await until(() => heard.isOver);
  expect(heard.events.at(-1)).toMatchObject({ name: "end", data: { status: 401 } });
});

test("more streams than one user may have are 429", async () => {
  const { listen } = await startStream({ perUser: 2 });
  await listen();
  await listen();

  expect((await listen()).status).toBe(429);
  expect((await listen("agent:bo")).status).toBe(200);
});

test("open streams are no requests under way: others are let in", async () => {
  const { world, actions } = casesOf();
  const { port, ask } = await startGateway({ maxInFlight: 3 }, actions);
  for (let count = 0; count < 8; count += 1) {
    expect((await listenTo(port, "/cases/7/presence/stream", "agent")).status).toBe(200);
  }

  expect(world.looks).toBeGreaterThanOrEqual(8);
  expect((await ask("GET //health/live")).status).toBe(200);
  expect((await ask("GET /cases/7/presence/stream", { token: "connector" })).status).toBe(403);
});

test("P11: a gateway that stops ends its streams in good order and at once", async () => {
  const { service, world, listen } = await startStream();
  const heard = await listen();
  await until(() => heard.events.length === 1);

  const began = Date.now();
  await service.drain();

  await until(() => heard.isOver);
  expect(heard.events.map(({ name }) => name)).toEqual(["presence"]);
  expect(world.left).toHaveLength(1);
  expect(Date.now() - began).toBeLessThan(4_000);
});

test("B13: with several replicas a hint from any node reaches every stream", async () => {
  const namespace = newId();
  const node = () =>
    new ServiceBroker({
      namespace,
      nodeID: newId(),
      logger: false,
      transporter: new SteadyNats({ url: String(process.env["NATS_URL"]) }),
      disableBalancer: true,
      registry: { stopDelay: 0 },
    });
  const { world, actions } = casesOf();
  const [one, other, far] = [node(), node(), node()];
  const settings = { ...settingsOf(), port: 0, pace: { idleMs: 50, flightMs: 5_000 } };
  for (const gateway of [one, other]) gateway.createService(gatewayWith(settings));
  far.createService(actions);
  far.createService(standIn("identity", { verify: ({ params }) => actorOfToken(params.token) }));
  await Promise.all([one, other, far].map((broker) => broker.start()));
  onTestFinished(async () => {
    await Promise.all([one, other, far].map((broker) => broker.stop()));
  });
  const ports = [one, other].map((broker) => {
    const service = broker.getLocalService("gateway") as unknown as {
      address(): { port: number };
    };
    return service.address().port;
  });
  await Promise.all([one, other].map((broker) => broker.waitForServices(["cases", "identity"])));
  const streams = await Promise.all(
    ports.map((port) => listenTo(port, "/cases/7/presence/stream", "agent:ada")),
  );
  await until(() => streams.every(({ events }) => events.length === 1));

  world.items = [ada, bo];
  hint(far as unknown as Broker as never, topicOfCase("case-1"));

  await until(() => streams.every(({ events }) => events.length === 2));
  expect((await askOn(Number(ports[0]))("GET //health/live")).status).toBe(200);
});
