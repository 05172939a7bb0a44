/** Live streams: what they tell, when they look, and when they end. */
import { expect, test } from "@jest/globals";
import { text } from "node:stream/consumers";
import type { Broker } from "#shared/bus.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { notFound, unauthorized, unavailable } from "#shared/errors.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { actorOfToken } from "../tests/gateway.ts";
import { Live, type LiveLimits } from "./live.ts";
import type { LiveEvent, LiveSource } from "./door.ts";

const patient = { everyMs: 60_000, gapMs: 0, perUser: 2, most: 3, timeoutMs: 1_000 };
const route = { contract: { needs: "cases.read" }, channelParam: undefined } as never;

/** A replica's streams; identity answers `verify`, a source what is laid into `news`. */
function start(own: Partial<LiveLimits> = {}) {
  const verified: object[] = [];
  const identity = { verify: actorOfToken };
  const call = (name: string, params: { token: string }, { meta }: { meta?: object }) => {
    if (name !== "identity.verify") return Promise.resolve({ name, params, meta });
    verified.push(params);
    return Promise.resolve().then(() => identity.verify(params.token));
  };
  const live = new Live({ call } as unknown as Broker, { ...patient, ...own });
  onTestFinished(() => {
    live.stop();
  });
  const listen = async (source: LiveSource, token = "agent:ada") => {
    const actor: Actor = { ...actorOfToken(token), sessionId: `of ${token}` };
    const listener = { actor, authorization: `Bearer ${token}`, route, requestId: "r1" };
    const { headers, body } = await live.listen(listener, source);
    const heard = { all: "", isOver: false };
    const stream = body as NodeJS.ReadableStream;
    stream.on("data", (chunk: Buffer) => (heard.all += chunk.toString()));
    stream.on("close", () => (heard.isOver = true));
    return { headers, heard, stream };
  };
  return { live, listen, identity, verified };
}

/** A source that tells what is laid into `news`, or refuses. */
function aSource(topic = "case:1") {
  const news: (LiveEvent | Error)[] = [];
  let looks = 0;
  const look = () => {
    looks += 1;
    const [first] = news;
    if (first instanceof Error) return Promise.reject(first);
    return Promise.resolve(news.splice(0) as LiveEvent[]);
  };
  return { topic, news, look, looks: () => looks };
}

test("B13: a stream begins with what there is, and tells on when a hint of its topic comes", async () => {
  const { live, listen } = start();
  const source = aSource();
  source.news.push({ name: "presence", id: "7", data: { items: ["a\nb"] } });

  const { headers, heard } = await listen(source);
  await until(() => heard.all !== "");
  source.news.push({ name: "presence", data: 2 });
  live.wake({ topics: ["case:2"] });
  expect(source.looks()).toBe(1);
  live.wake({ topics: ["case:2", "case:1"] });
  await until(() => heard.all.endsWith("data: 2\n\n"));

  expect(headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
  });
  expect(heard.all).toMatch(
    /^retry: \d{4}\n\nid: 7\nevent: presence\ndata: {"items":\["a\\nb"\]}\n\nevent: presence\n/,
  );
});

test("hints that come together, or while it looks, make one look more", async () => {
  const { live, listen } = start({ gapMs: 50 });
  const source = aSource();
  await listen(source);

  for (let count = 0; count < 100; count += 1) live.wake({ topics: ["case:1"] });
  source.news.push({ name: "last", data: 1 });
  await until(() => source.news.length === 0);

  expect(source.looks()).toBeLessThanOrEqual(3);
});

test("without hints it gives signs of life, and looks with each", async () => {
  const { listen } = start({ everyMs: 20 });
  const source = aSource();

  const { heard } = await listen(source);
  source.news.push({ name: "late", data: 1 });

  await until(() => heard.all.includes("event: late"));
  expect(heard.all).toContain(": \n\n");
});

test("who may not see it at the start is refused, and takes no place", async () => {
  const { live, listen } = start();
  const source = aSource();
  source.news.push(notFound("case", "1"));

  await expect(listen(source)).rejects.toMatchObject({ code: 404 });

  await until(() => live.open() === 0);
});

test("B09: who loses sight of it is told so, and hears no more", async () => {
  const { live, listen } = start();
  const source = aSource();
  const { heard } = await listen(source);

  source.news.push(notFound("case", "1"));
  live.wake({ topics: ["case:1"] });

  await until(() => heard.isOver);
  expect(heard.all).toMatch(/event: end\ndata: {"status":404,"code":"NOT_FOUND"}\n\n$/);
  expect(live.open()).toBe(0);
});

test("who loses the access is verified at once, and hears no more; others go on", async () => {
  const { live, listen, identity, verified } = start();
  const [source, other] = [aSource(), aSource()];
  const { heard } = await listen(source, "agent:ada");
  await listen(other, "agent:bo");
  identity.verify = () => {
    throw unauthorized();
  };

  live.recheck({ sessionId: "of agent:cy" });
  live.recheck({ userId: "nobody" });
  expect(verified).toEqual([]);
  live.recheck({ userId: "ada" });

  await until(() => heard.isOver);
  expect(heard.all).toContain('"status":401');
  expect(verified).toEqual([{ token: "agent:ada", quietly: true }]);
  expect(live.open()).toBe(1);
});

test("a role that lacks the permission now ends the stream", async () => {
  const { live, listen, identity } = start();
  const { heard } = await listen(aSource());
  identity.verify = () => ({ ...actorOfToken("agent:ada"), permissions: [] });

  live.recheck({ userId: "ada" });

  await until(() => heard.isOver);
  expect(heard.all).toContain('"status":403');
});

test("P12: while a part of the system is away a stream stays, and tells on afterwards", async () => {
  const { live, listen } = start();
  const source = aSource();
  const { heard } = await listen(source);

  source.news.push(unavailable("away"));
  live.wake({ topics: ["case:1"] });
  await until(() => source.looks() === 2);
  source.news.splice(0, 1, { name: "back", data: 1 });
  live.wake({ topics: ["case:1"] });

  await until(() => {
    live.wake({ topics: ["case:1"] });
    return heard.all.includes("event: back");
  });
});

test("a user has a bounded number of streams, and so have all together", async () => {
  const { live, listen } = start();
  const first = await listen(aSource());
  await listen(aSource());

  await expect(listen(aSource())).rejects.toMatchObject({ code: 429 });
  await listen(aSource(), "agent:bo");
  await expect(listen(aSource(), "agent:cy")).rejects.toMatchObject({ code: 503 });

  (first.stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  await until(() => live.open() === 2);
  await listen(aSource(), "agent:cy");
});

test("who does not take what is told is given up, with little kept for them", async () => {
  const { live } = start({ everyMs: 10 });
  const actor = actorOfToken("agent:ada");
  const listener = { actor, authorization: "Bearer agent:ada", route, requestId: "r1" };
  let told = 0;
  const look = () => Promise.resolve([{ name: "much", data: "x".repeat((told += 1) && 100_000) }]);

  await live.listen(listener, { topic: "case:1", look });
  live.wake({ topics: ["case:1"] });

  await until(() => live.open() === 0);
  expect(told).toBe(1);
});

test("P11: a stop ends every stream after what it said, and begins none", async () => {
  const { live, listen } = start();
  const source = aSource();
  source.news.push({ name: "presence", data: 1 });
  const { body } = await live.listen(
    {
      actor: actorOfToken("agent:ada"),
      authorization: "Bearer agent:ada",
      route,
      requestId: "r1",
    },
    source,
  );

  live.stop();

  expect(await text(body as never)).toContain("event: presence");
  await expect(listen(aSource())).rejects.toMatchObject({ code: 503 });
});
