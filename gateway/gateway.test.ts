/** What every route of the API does alike: statuses, headers, versions, paths. */
import { expect, test } from "@jest/globals";
import { conflict } from "#shared/errors.ts";
import { standIn } from "#shared/testing/bus.ts";
import { startGateway } from "../tests/gateway.ts";

const at = new Date("2026-01-31T10:00:00Z");
const aUser = (more: object = {}) => ({
  id: "u1",
  email: "ada@example.com",
  name: "Ada",
  role: "agent" as const,
  disabled: false,
  language: "en" as const,
  version: 7,
  createdAt: at,
  updatedAt: at,
  ...more,
});
const aCampaign = {
  id: "c1",
  name: "Care",
  description: "",
  timeZone: "UTC",
  language: "en" as const,
  enabled: true,
  routingStrategy: "roundRobin" as const,
  caseTypes: [],
  options: {} as never,
  channelIds: [],
  agents: [],
  supervisorIds: [],
  version: 3,
  createdAt: at,
  updatedAt: at,
};
const campaigns = (heard: unknown[] = []) =>
  standIn("campaigns", {
    create: (ctx) => {
      heard.push(ctx.params, ctx.meta);
      return aCampaign;
    },
    get: () => aCampaign,
    change: (ctx) => {
      heard.push(ctx.params);
      return aCampaign;
    },
    setChannels: (ctx) => {
      heard.push(ctx.params);
      return aCampaign;
    },
    list: (ctx) => {
      heard.push(ctx.params);
      return { items: [], nextCursor: null };
    },
  });

test("what POST makes is answered 201 with its place and version", async () => {
  const heard: unknown[] = [];
  const { ask } = await startGateway({}, campaigns(heard));

  const answer = await ask("POST /campaigns", { token: "administrator", body: { name: " Care " } });

  expect(answer.status).toBe(201);
  expect(answer.headers.get("location")).toBe("/api/v1/campaigns/c1");
  expect(answer.headers.get("etag")).toBe('"3"');
  expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(await answer.json()).toMatchObject({ id: "c1", createdAt: "2026-01-31T10:00:00.000Z" });
  expect(heard[0]).toMatchObject({ name: "Care", timeZone: "UTC" });
});

test("who asks goes along with every call", async () => {
  const heard: unknown[] = [];
  const { ask } = await startGateway({}, campaigns(heard));

  await ask("POST /campaigns", {
    token: "administrator:root",
    body: { name: "Care" },
    headers: { "x-request-id": "r-1", "idempotency-key": "k-1" },
  });

  expect(heard[1]).toMatchObject({
    actor: { id: "root", role: "administrator" },
    requestId: "r-1",
    address: "127.0.0.1",
    commandId: expect.stringMatching(/^[\w-]{43}$/) as unknown,
  });
});

test("a list is asked by its query, typed as the contract has it", async () => {
  const heard: unknown[] = [];
  const { ask } = await startGateway({}, campaigns(heard));

  const answer = await ask("GET /campaigns?limit=3&enabled=false&q=a%20b&count=true", {
    token: "agent",
  });

  expect(answer.status).toBe(200);
  expect(heard).toEqual([{ limit: 3, enabled: false, q: "a b", count: true }]);
});

test("several values of a filter are separated by commas", async () => {
  const heard: unknown[] = [];
  const cases = standIn("cases", {
    list: (ctx) => {
      heard.push(ctx.params);
      return { items: [], nextCursor: null };
    },
  });
  const { ask } = await startGateway({}, cases);

  await ask("GET /cases?status=new,open&createdFrom=2026-01-31T10:00:00Z", { token: "agent" });

  expect(heard).toMatchObject([{ status: ["new", "open"], createdFrom: at }]);
});

test("a write that two may make takes its version from If-Match", async () => {
  const heard: unknown[] = [];
  const { ask } = await startGateway({}, campaigns(heard));
  const change = (headers: Record<string, string>) =>
    ask("PATCH /campaigns/c1", { token: "administrator", body: { name: "New" }, headers });

  expect((await change({ "if-match": '"3"' })).status).toBe(200);
  expect(await problemOf(change({}))).toMatchObject({ status: 428, code: "VERSION_NEEDED" });
  expect(await problemOf(change({ "if-match": '"abc"' }))).toMatchObject({
    status: 412,
    code: "STALE_VERSION",
  });
  expect(heard).toEqual([{ id: "c1", name: "New", version: 3 }]);
});

test("a version in the body is an unknown field", async () => {
  const { ask } = await startGateway({}, campaigns());

  const answer = ask("PATCH /campaigns/c1", {
    token: "administrator",
    body: { name: "New", version: 3 },
    headers: { "if-match": '"3"' },
  });

  expect(await problemOf(answer)).toMatchObject({ status: 422, errors: [{ path: "version" }] });
});

test("a PUT that replaces a whole takes a bare list, and compares a version only when sent", async () => {
  const heard: unknown[] = [];
  const { ask } = await startGateway({}, campaigns(heard));

  await ask("PUT /campaigns/c1/channels", { token: "administrator", body: ["a", "b"] });
  await ask("PUT /campaigns/c1/channels", {
    token: "administrator",
    body: [],
    headers: { "if-match": '"3"' },
  });

  expect(heard).toEqual([
    { id: "c1", items: ["a", "b"] },
    { id: "c1", items: [], version: 3 },
  ]);
});

test("who has this version already is not sent it again", async () => {
  const { ask } = await startGateway({}, campaigns());
  const get = (held: string) =>
    ask("GET /campaigns/c1", { token: "agent", headers: { "if-none-match": held } });

  expect((await get('"3"')).status).toBe(304);
  expect((await get('W/"3", "9"')).status).toBe(304);
  expect((await get('"2"')).status).toBe(200);
});

test("an action without an answer is answered 204", async () => {
  const channels = standIn("channels", { revokeKey: () => undefined });
  const { ask } = await startGateway({}, channels);

  const answer = await ask("DELETE /channels/c1/keys/k1", { token: "administrator" });

  expect(answer.status).toBe(204);
  expect(await answer.text()).toBe("");
});

test("F059: a message that waits for its case is answered 202 with the place of its state", async () => {
  const channels = standIn("channels", {
    receive: () => ({ interactionId: "i1", state: "received", duplicate: false }),
  });
  const { ask } = await startGateway({}, channels);

  const answer = await ask("POST /channels/own-channel/messages", {
    token: "connector",
    body: { externalId: "m1", from: { type: "email", value: "a@example.com" }, text: "Hi" },
  });

  expect(answer.status).toBe(202);
  expect(answer.headers.get("location")).toBe("/api/v1/interactions/i1");
});

test("a refusal of a service is answered with its code and public data", async () => {
  const customers = standIn("customers", {
    create: () => {
      throw conflict("CUSTOMER_EXISTS", "This document is taken", {
        existingId: "x1",
        nodeID: "n",
      });
    },
  });
  const { ask } = await startGateway({}, customers);

  const answer = await ask("POST /customers", { token: "agent", body: { firstName: "Ada" } });

  expect(answer.status).toBe(409);
  expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  expect(await answer.json()).toEqual({
    type: "about:blank",
    title: "Conflict",
    status: 409,
    detail: "This document is taken",
    code: "CUSTOMER_EXISTS",
    existingId: "x1",
    requestId: answer.headers.get("x-request-id"),
  });
});

test("what breaks inside is a plain 500 that tells nothing", async () => {
  const customers = standIn("customers", {
    get: () => {
      throw new TypeError("secret of the house");
    },
  });
  const { ask } = await startGateway({}, customers);

  const answer = await ask("GET /customers/x", { token: "agent" });

  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("secret");
});

test("a service that is away is 503 with Retry-After", async () => {
  const { ask } = await startGateway({});

  const answer = await ask("GET /customers/x", { token: "agent" });

  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("2");
  expect(await answer.json()).toMatchObject({ code: "UNAVAILABLE", retryAfter: 2 });
});

test("P12: a service that is slow is given up", async () => {
  const customers = standIn("customers", { get: () => new Promise<never>(() => undefined) });
  const { ask } = await startGateway({ requestTimeoutMs: 200 }, customers);

  const answer = await ask("GET /customers/x", { token: "agent" });

  expect(answer.status).toBe(503);
});

test("every answer carries a request id: the caller's where it is plain, or a new one", async () => {
  const { ask } = await startGateway({});
  const idFor = async (sent: string) => {
    const answer = await ask("GET //health/live", { headers: { "x-request-id": sent } });
    return answer.headers.get("x-request-id");
  };

  expect(await idFor("abc-1.2_3")).toBe("abc-1.2_3");
  expect(await idFor("x".repeat(128))).toBe("x".repeat(128));
  expect(await idFor("a b")).toMatch(/^[\da-f-]{36}$/);
  expect(await idFor("x".repeat(129))).toMatch(/^[\da-f-]{36}$/);
});

test("every answer carries security headers", async () => {
  const { ask } = await startGateway({ publicUrl: "https://case.example.com" });

  for (const path of ["//health/live", "/me", "//nowhere", "//api/v1/cases/%zz"]) {
    const { headers } = await ask(`GET ${path}`);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("strict-transport-security")).toContain("max-age=");
    expect(headers.get("x-request-id")).toBeTruthy();
    expect(headers.get("x-powered-by")).toBeNull();
  }
});

test("without https nobody is told to insist on it", async () => {
  const { ask } = await startGateway({});

  const { headers } = await ask("GET //health/live");

  expect(headers.get("strict-transport-security")).toBeNull();
});

test("HEAD answers as GET without the body", async () => {
  const { ask } = await startGateway({}, campaigns());

  const answer = await ask("HEAD /campaigns/c1", { token: "agent" });

  expect(answer.status).toBe(200);
  expect(answer.headers.get("etag")).toBe('"3"');
  expect(await answer.text()).toBe("");
});

test("a known path with another method is 405 and says which it takes", async () => {
  const { ask } = await startGateway({});

  const refused = await ask("DELETE /campaigns/c1", { token: "administrator" });
  const asked = await ask("OPTIONS /campaigns/c1");

  expect(refused.status).toBe(405);
  expect(refused.headers.get("allow")).toBe("GET, HEAD, OPTIONS, PATCH");
  expect(await refused.json()).toMatchObject({ code: "METHOD_NOT_ALLOWED" });
  expect(asked.status).toBe(204);
  expect(asked.headers.get("allow")).toBe("GET, HEAD, OPTIONS, PATCH");
});

test("what no contract publishes does not exist", async () => {
  const { ask } = await startGateway({});

  for (const rest of ["GET /identity/verify", "POST //api/v1", "PUT /cases/1/file", "GET //"]) {
    expect(await problemOf(ask(rest, { token: "administrator" }))).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
    });
  }
});

test("signing in needs no token, and its tokens are answered 200", async () => {
  const identity = standIn("identity", {
    signIn: () => ({ accessToken: "a", refreshToken: "r", expiresIn: 900, user: aUser() }),
  });
  const { ask } = await startGateway({}, identity);

  const answer = await ask("POST /auth/sign-in", {
    body: { email: "ada@example.com", password: "secret" },
  });

  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toMatchObject({ accessToken: "a" });
});

async function problemOf(answer: Promise<Response>): Promise<unknown> {
  return (await answer).json();
}
