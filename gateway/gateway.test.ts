/** What every route of the API does alike: identity of a request, headers, paths, failures. */
import { expect, test } from "@jest/globals";
import { standIn } from "#shared/testing/bus.ts";
import { aCampaign, aUser, problemOf, startGateway } from "../tests/gateway.ts";

test("who asks goes along with every call", async () => {
  const heard: unknown[] = [];
  const campaigns = standIn("campaigns", {
    create: (ctx) => {
      heard.push(ctx.meta);
      return aCampaign;
    },
  });
  const { ask } = await startGateway({}, campaigns);

  await ask("POST /campaigns", {
    token: "administrator:root",
    body: { name: "Care" },
    headers: { "x-request-id": "r-1", "idempotency-key": "k-1" },
  });

  expect(heard[0]).toMatchObject({
    actor: { id: "root", role: "administrator" },
    requestId: "r-1",
    address: "127.0.0.1",
    commandId: expect.stringMatching(/^[\w-]{43}$/) as unknown,
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
  const { ask } = await startGateway({}, standIn("campaigns", { get: () => aCampaign }));

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
