/** What bad input gets: a problem document that names what is wrong, never 500. */
import { expect, test } from "@jest/globals";
import { standIn } from "#shared/testing/bus.ts";
import { aCampaign, problemOf, startGateway, type Ask } from "../tests/gateway.ts";

const campaigns = standIn("campaigns", {
  create: () => aCampaign,
  get: () => aCampaign,
  list: () => ({ items: [], nextCursor: null }),
});

/** A gateway whose answers are problem documents, each true to its status and request. */
async function startRefusing() {
  const gateway = await startGateway({}, campaigns);

  async function refusalOf(rest: string, ask: Ask = {}): Promise<unknown> {
    const answer = await gateway.ask(rest, { token: "administrator", ...ask });
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    const problem = (await answer.json()) as { status: number; requestId: string };
    expect(problem.status).toBe(answer.status);
    expect(problem.requestId).toBe(answer.headers.get("x-request-id"));
    return problem;
  }
  const refusedBody = (raw: NonNullable<Ask["raw"]>) => refusalOf("POST /campaigns", { raw });
  return { refusalOf, refusedBody };
}
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

test("a body that is not JSON is 400", async () => {
  const { refusedBody } = await startRefusing();
  for (const raw of ["{", "name=Care", "\ufeff{}", "{'a':1}", " "]) {
    expect(await refusedBody(raw)).toMatchObject({ status: 400, code: "MALFORMED" });
  }
});

test("bytes that are not UTF-8 are 400", async () => {
  const { refusedBody } = await startRefusing();
  const raw = Uint8Array.from(Buffer.from('{"name":"\xff\xfe"}', "latin1"));

  expect(await refusedBody(raw)).toMatchObject({ status: 400, code: "MALFORMED" });
});

test("names that reach into objects are 400 wherever they stand", async () => {
  const { refusedBody } = await startRefusing();
  for (const raw of [
    '{"__proto__":{"admin":true}}',
    '{"name":"a","options":{"constructor":{"prototype":{}}}}',
    '{"caseTypes":[{"prototype":1}]}',
    '{"\\u005f_proto__":1}',
  ]) {
    expect(await refusedBody(raw)).toMatchObject({ status: 400, code: "MALFORMED" });
  }
});

test("JSON that is no object is 422", async () => {
  const { refusedBody } = await startRefusing();
  for (const raw of ["null", "1", '"text"', "[]"]) {
    expect(await refusedBody(raw)).toMatchObject({ status: 422, errors: [{ code: "object" }] });
  }
});

test("objects nested deeper than 20 are 422", async () => {
  const { refusedBody } = await startRefusing();
  expect(await refusedBody(nested(21))).toMatchObject({
    status: 422,
    errors: [{ path: "", code: "depth" }],
  });
  expect(await refusedBody(nested(20))).toMatchObject({
    errors: [{ path: "name" }, { path: "a", code: "unknownField" }],
  });
  expect(await refusedBody("[".repeat(100_000) + "]".repeat(100_000))).toMatchObject({
    errors: [{ code: "depth" }],
  });
});

test("each field that breaks the contract is named, its value never repeated", async () => {
  const { refusalOf } = await startRefusing();
  const body = {
    name: "two\r\nlines",
    enabled: "yes",
    caseTypes: [{ name: "" }],
    extra: { $ne: 1 },
  };

  const problem = await refusalOf("POST /campaigns", { body });

  expect(problem).toMatchObject({ status: 422, code: "VALIDATION_ERROR" });
  const { errors } = problem as { errors: { path: string }[] };
  expect(errors.map(({ path }) => path).sort()).toEqual([
    "caseTypes[0].name",
    "enabled",
    "extra",
    "name",
  ]);
  expect(JSON.stringify(problem)).not.toContain("lines\\");
});

test("a body field with the name of a path parameter is unknown", async () => {
  const { refusalOf } = await startRefusing();
  const ask = { body: { id: "other", name: "New" }, headers: { "if-match": '"1"' } };

  expect(await refusalOf("PATCH /campaigns/c1", ask)).toMatchObject({
    status: 422,
    errors: [{ path: "id", code: "unknownField" }],
  });
});

test("query keys: repeated, hostile or broken are 400", async () => {
  const { refusalOf } = await startRefusing();
  for (const query of ["limit=1&limit=2", "__proto__=1", "constructor=1", "q=%zz", "q=%ff"]) {
    expect(await refusalOf(`GET /campaigns?${query}`)).toMatchObject({ status: 400 });
  }
});

test("query keys with operators are names like others: unknown, 422", async () => {
  const { refusalOf } = await startRefusing();
  for (const [query, path] of [
    ["q[$ne]=1", "q[$ne]"],
    ["$where=1", "$where"],
    ["toString=1", "toString"],
    ["q.a=1", "q.a"],
  ]) {
    expect(await refusalOf(`GET /campaigns?${query ?? ""}`)).toMatchObject({
      status: 422,
      errors: [{ path, code: "unknownField" }],
    });
  }
});

test("query values of a wrong type are 422", async () => {
  const { refusalOf } = await startRefusing();
  for (const query of ["limit=0", "limit=201", "limit=ten", "limit=", "limit=1e2", "enabled=1"]) {
    expect(await refusalOf(`GET /campaigns?${query}`)).toMatchObject({ status: 422 });
  }
});

test("a write takes nothing from its query, a deletion nothing from a body", async () => {
  const { refusalOf } = await startRefusing();
  expect(await refusalOf("POST /campaigns?name=Care", { body: { name: "Care" } })).toMatchObject({
    status: 422,
    errors: [{ path: "name", code: "unknownField" }],
  });
  expect(await refusalOf("DELETE /channels/c/keys/k", { body: { force: true } })).toMatchObject({
    status: 422,
    errors: [{ path: "force", code: "unknownField" }],
  });
});

test("an id of a wrong form is an unknown id", async () => {
  const { refusalOf } = await startRefusing();
  for (const id of ["a%20b", "%24ne", "x".repeat(65), "x".repeat(300), "%00"]) {
    expect(await refusalOf(`GET /campaigns/${id}`)).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
    });
  }
});

test("a path that is not properly encoded is 400", async () => {
  const { refusalOf } = await startRefusing();
  expect(await refusalOf("GET /campaigns/%zz")).toMatchObject({ status: 400 });
});

test("another media type than JSON is 415", async () => {
  const { refusalOf } = await startRefusing();
  for (const type of ["text/plain", "application/xml", "message/rfc822", "nonsense"]) {
    const ask = { raw: "{}", headers: { "content-type": type } };
    expect(await refusalOf("POST /campaigns", ask)).toMatchObject({
      status: 415,
      code: "UNSUPPORTED_MEDIA_TYPE",
    });
  }
});

test("a POST that needs no body may come without one", async () => {
  const heard: unknown[] = [];
  const channels = standIn("channels", {
    createKey: (ctx) => {
      heard.push(ctx.params);
      return { id: "k1", key: "secret" };
    },
  });
  const { ask } = await startGateway({}, channels);

  expect((await ask("POST /channels/c1/keys", { token: "administrator" })).status).toBe(201);
  expect((await ask("POST /channels/c1/keys", { token: "administrator", raw: "" })).status).toBe(
    201,
  );
  expect(heard).toEqual([{ id: "c1" }, { id: "c1" }]);
});

test("a body over 256 kB is 413, and the connection lives on", async () => {
  const { ask } = await startGateway({}, campaigns);
  const body = { name: "Care", description: "x".repeat(257 * 1024) };

  expect(await problemOf(ask("POST /campaigns", { token: "administrator", body }))).toMatchObject({
    status: 413,
    code: "TOO_LARGE",
  });
  const huge = { name: "x".repeat(25_000_000) };
  expect((await ask("POST /campaigns", { token: "administrator", body: huge })).status).toBe(413);
});
