/** What routes do with parameters, versions and answers, as their contracts have it. */
import { expect, test } from "@jest/globals";
import { conflict } from "#shared/errors.ts";
import { standIn } from "#shared/testing/bus.ts";
import { aCampaign, at, problemOf, startGateway } from "../tests/gateway.ts";

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

test("a list is asked by its query, typed as the contract has it", async () => {
  const heard: unknown[] = [];
  const { ask } = await startGateway({}, campaigns(heard));

  const answer = await ask("GET /campaigns?limit=3&enabled=false&q=a%20b&count=true", {
    token: "agent",
  });

  expect(answer.status).toBe(200);
  expect(heard).toEqual([{ limit: 3, enabled: false, q: "a b", count: true, archived: false }]);
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

test("a GET is answered whole: what a reader holds may be old though its version is not", async () => {
  const { ask } = await startGateway({}, campaigns());

  const answer = await ask("GET /campaigns/c1", {
    token: "agent",
    headers: { "if-none-match": '"3"' },
  });

  expect(answer.status).toBe(200);
  expect(answer.headers.get("etag")).toBe('"3"');
  expect(await answer.json()).toMatchObject({ id: "c1" });
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
