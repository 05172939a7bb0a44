/** How often one caller may ask, whichever replica it meets (P10). */
import { expect, test } from "@jest/globals";
import type { Logger } from "moleculer";
import { startGateway } from "../tests/gateway.ts";
import { countedAddress, Limiter } from "./rate-limits.ts";
import { sums } from "./rate-limits.store.ts";

const limits = { user: 3, connector: 5, address: 2 };
const me = (token?: string) => ["GET /customers/c1", token ? { token } : {}] as const;

test("over the limit it is 429 with Retry-After, for this caller alone", async () => {
  const { ask } = await startGateway({ limits });
  for (let request = 0; request < 3; request += 1) await ask(...me("agent:ada"));

  const refused = await ask(...me("agent:ada"));
  const other = await ask(...me("agent:bo"));

  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  expect(refused.headers.get("ratelimit")).toMatch(/^"user";r=0;t=\d+$/);
  expect(await refused.json()).toMatchObject({ code: "TOO_MANY_REQUESTS" });
  expect(other.status).toBe(503);
});

test("every answer says what is left", async () => {
  const { ask } = await startGateway({ limits });

  const { headers } = await ask(...me("connector"));

  expect(headers.get("ratelimit-policy")).toBe('"connector";q=5;w=60');
  expect(headers.get("ratelimit")).toMatch(/^"connector";r=4;t=\d+$/);
});

test("who does not sign in, or badly, is counted by address; who is known is not held up by it", async () => {
  const { ask } = await startGateway({ limits });

  expect((await ask(...me("agent"))).status).toBe(503);
  expect((await ask(...me("nobody"))).status).toBe(401);
  expect((await ask(...me())).status).toBe(401);
  expect((await ask(...me())).status).toBe(429);
  expect((await ask("POST /auth/refresh", { body: { refreshToken: "r" } })).status).toBe(429);
  expect((await ask(...me("agent"))).status).toBe(503);
});

test("a forged X-Forwarded-For makes no new address, unless proxies are trusted", async () => {
  const direct = await startGateway({ limits });
  const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
  await direct.ask("GET /me", from("192.0.2.1"));
  await direct.ask("GET /me", from("192.0.2.2"));
  expect((await direct.ask("GET /me", from("192.0.2.3"))).status).toBe(429);

  const behind = await startGateway({ limits, trustedProxies: 1 });
  for (const last of [11, 12, 13]) {
    const answer = await behind.ask("GET /me", from(`10.0.0.1, 192.0.2.${last}`));
    expect(answer.status).toBe(401);
  }
});

test("replicas add up what they counted", async () => {
  await startGateway({});
  const at = 30_000_000_000;
  const [one, other] = [1, 2].map(
    () => new Limiter({ ...limits, user: 10 }, sums, {} as Logger, () => at),
  ) as [Limiter, Limiter];
  for (let request = 0; request < 6; request += 1) one.count("user", "ada");
  for (let request = 0; request < 3; request += 1) other.count("user", "ada");

  await one.exchange();
  await other.exchange();
  one.count("user", "ada");
  await one.exchange();

  expect(other.left("user", "ada").remaining).toBe(1);
  expect(one.left("user", "ada").remaining).toBe(0);
  expect(one.left("user", "bo").remaining).toBe(10);
  one.stop();
  other.stop();
});

test("a new minute starts anew", () => {
  let now = 60_000 * 100;
  const limiter = new Limiter(limits, sums, {} as Logger, () => now);
  limiter.count("user", "ada");

  now += 59_000;
  expect(limiter.left("user", "ada")).toEqual({ kind: "user", remaining: 2, resetSeconds: 1 });
  now += 1_000;
  expect(limiter.left("user", "ada")).toEqual({ kind: "user", remaining: 3, resetSeconds: 60 });
  limiter.stop();
});

test("an IPv6 network counts as one address", () => {
  expect(countedAddress("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(countedAddress("2001:db8::9")).toBe("2001:db8:0:0");
  expect(countedAddress("::ffff:192.0.2.1")).toBe("192.0.2.1");
  expect(countedAddress("192.0.2.1")).toBe("192.0.2.1");
});
