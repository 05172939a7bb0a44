/** Files that users attach to a case, on their way through the gateway (F187). */
import { expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { request } from "node:http";
import type { Readable } from "node:stream";
import { conflict } from "#shared/errors.ts";
import { standIn } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { at, startGateway } from "../../tests/gateway.ts";

const octets = { "content-type": "application/octet-stream" };
const path = "/cases/7/attachments";

/** A gateway beside files that take what comes, or refuse. */
async function startUpload() {
  const world = {
    asked: [] as object[],
    heard: [] as Buffer[],
    before: undefined as string | undefined,
    refuses: false,
    brokeOff: 0,
  };
  const files = standIn("files", {
    async attach(ctx) {
      const stream = ctx.stream as Readable;
      world.asked.push({ ...ctx.params, who: ctx.meta.actor?.id });
      if (world.refuses) {
        stream.resume();
        throw conflict("CASE_CLOSED", "Case 7 is closed", { number: 7 });
      }
      const parts: Buffer[] = [];
      try {
        for await (const chunk of stream) {
          parts.push(chunk as Buffer);
          world.heard.push(chunk as Buffer);
        }
      } catch (error) {
        world.brokeOff += 1;
        throw error;
      }
      const sha256 = createHash("sha256").update(Buffer.concat(parts)).digest("hex");
      const kept = world.before ?? sha256;
      if (ctx.meta.commandId) world.before ??= sha256;
      return { attachment: { ...attachment, name: ctx.params.name }, sha256: kept };
    },
  });
  const gateway = await startGateway({}, files);
  const upload = (query: string, raw: string | Uint8Array<ArrayBuffer>, more: object = {}) => {
    const headers = { ...octets, ...more };
    return gateway.ask(`POST ${path}${query}`, { token: "agent:ada", raw, headers });
  };
  return { ...gateway, world, upload };
}

const attachment = {
  id: "f1",
  name: "",
  contentType: "image/png",
  size: 5,
  createdAt: at,
  createdBy: "ada",
  caseId: "c7",
  caseNumber: 7,
  origin: "upload" as const,
  url: "/api/v1/files/f1",
};

test("F187: the body is the file, the query says what it is called", async () => {
  const { world, upload } = await startUpload();

  const answer = await upload("?name=a%C3%B1o%20%26%20co.png&contentType=image%2Fpng", "hello");

  expect(answer.status).toBe(201);
  expect(answer.headers.get("location")).toBe("/api/v1/files/f1");
  expect(await answer.json()).toMatchObject({ id: "f1", name: "año & co.png", origin: "upload" });
  expect(Buffer.concat(world.heard).toString()).toBe("hello");
  expect(world.asked).toEqual([
    {
      caseId: "7",
      name: "año & co.png",
      declaredType: "image/png",
      maxBytes: 25 * 1024 * 1024,
      who: "ada",
    },
  ]);
});

test("F187: bytes are handed on as they come, not gathered first", async () => {
  const { port, world } = await startUpload();
  const headers = { ...octets, authorization: "Bearer agent", "transfer-encoding": "chunked" };
  const outgoing = request({ port, method: "POST", path: `/api/v1${path}?name=a`, headers });
  const answered = new Promise<number>((resolve, reject) => {
    outgoing.on("response", (answer) => {
      answer.resume().on("end", () => {
        resolve(Number(answer.statusCode));
      });
    });
    outgoing.on("error", reject);
  });

  outgoing.write("first");
  await until(() => world.heard.length === 1);
  outgoing.end("last");

  expect(await answered).toBe(201);
  expect(Buffer.concat(world.heard).toString()).toBe("firstlast");
});

test("who hangs up in the middle leaves nothing that could pass for a whole file", async () => {
  const { port, world } = await startUpload();
  const headers = { ...octets, authorization: "Bearer agent", "content-length": "1000" };
  const outgoing = request({ port, method: "POST", path: `/api/v1${path}?name=a`, headers });
  outgoing.on("error", () => undefined);
  outgoing.write("first");
  await until(() => world.heard.length === 1);

  outgoing.destroy();

  await until(() => world.brokeOff === 1);
});

test("413: a file beyond the limit is refused before it is read where it says so, else in the middle", async () => {
  const { port, ask, world, upload } = await startUpload();
  const length = { "content-length": String(26 * 1024 * 1024) };
  const told = await new Promise<number>((resolve, reject) => {
    const headers = { ...octets, authorization: "Bearer agent", ...length };
    const outgoing = request({ port, method: "POST", path: `/api/v1${path}?name=a`, headers });
    outgoing.on("response", (answer) => {
      resolve(Number(answer.statusCode));
      outgoing.destroy();
    });
    outgoing.on("error", reject);
    outgoing.flushHeaders();
  });
  expect(world.asked).toEqual([]);
  const bytes = new Uint8Array(26 * 1024 * 1024);
  const chunked = await fetch(`http://127.0.0.1:${String(port)}/api/v1${path}?name=a`, {
    method: "POST",
    body: new ReadableStream({
      start(controller) {
        for (let from = 0; from < bytes.length; from += 1024 * 1024) {
          controller.enqueue(bytes.subarray(from, from + 1024 * 1024));
        }
        controller.close();
      },
    }),
    headers: { ...octets, authorization: "Bearer agent" },
    duplex: "half",
  } as RequestInit);

  expect(told).toBe(413);
  expect(chunked.status).toBe(413);
  expect(await chunked.json()).toMatchObject({ code: "TOO_LARGE" });
  expect(world.brokeOff).toBe(1);
  expect((await ask("GET //health/live")).status).toBe(200);
  expect((await upload("?name=b", "small")).status).toBe(201);
}, 30_000);

test("a refusal is answered while the rest is read away, and the connection serves on", async () => {
  const { world, upload } = await startUpload();
  world.refuses = true;

  const refused = await upload("?name=a", new Uint8Array(3_000_000));
  world.refuses = false;

  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "CASE_CLOSED", number: 7 });
  expect((await upload("?name=a", "hello")).status).toBe(201);
});

test.each([
  ["no name", "", octets, 422, "name"],
  ["an empty name", "?name=", octets, 422, "name"],
  ["a name of several lines", "?name=a%0D%0Ab", octets, 422, "name"],
  ["an unknown field", "?name=a&path=x", octets, 422, "path"],
  ["JSON", "?name=a", { "content-type": "application/json" }, 415, undefined],
  ["a form", "?name=a", { "content-type": "multipart/form-data; boundary=x" }, 415, undefined],
] as const)("an upload is refused for %s", async (_, query, headers, status, field) => {
  const { world, upload } = await startUpload();

  const answer = await upload(query, "hello", headers);

  expect(answer.status).toBe(status);
  if (field) expect(await answer.json()).toMatchObject({ errors: [{ path: field }] });
  expect(world.asked).toEqual([]);
});

test("an upload without a body is refused, and no other route takes bytes", async () => {
  const { ask } = await startUpload();

  const without = await ask(`POST ${path}?name=a`, { token: "agent" });
  const other = await ask("POST /cases/7/typing", { token: "agent", raw: "x", headers: octets });

  expect(without.status).toBe(422);
  expect(other.status).toBe(415);
});

test("B01: with one key the same file again is answered alike, another one is refused", async () => {
  const { upload, world } = await startUpload();
  const key = { "idempotency-key": "k-1" };

  const first = await upload("?name=a", "hello", key);
  const again = await upload("?name=a", "hello", key);
  const named = await upload("?name=b", "hello", key);
  const other = await upload("?name=a", "other", key);

  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(await again.json()).toEqual(await first.json());
  for (const refused of [named, other]) {
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  }
  expect(world.asked).toHaveLength(3);
});
