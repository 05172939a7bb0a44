import { Readable } from "node:stream";
import { expect, test } from "@jest/globals";
import { notFound } from "#shared/errors.ts";
import { standIn } from "#shared/testing/bus.ts";
import { at, startGateway } from "../../tests/gateway.ts";

/** Larger than what is read at once. */
const content = Buffer.from(Array.from({ length: 2_500_000 }, (_, index) => index * 7));

test("a file is downloaded whole, in pieces, and never shown in place", async () => {
  const { get, reads } = await startDoor();

  const answer = await get("f1");

  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  expect(reads).toHaveLength(3);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "image/png",
    "content-length": "2500000",
    "content-disposition": "attachment; filename=\"a_o.png\"; filename*=UTF-8''a%C3%B1o.png",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "accept-ranges": "bytes",
    etag: `"${"a".repeat(64)}"`,
  });
});

test("one range is answered with its bytes alone", async () => {
  const { get, reads } = await startDoor();

  const middle = await get("f1", { range: "bytes=1000-1999" });
  const end = await get("f1", { range: "bytes=-500" });

  expect(middle.status).toBe(206);
  expect(middle.headers.get("content-range")).toBe("bytes 1000-1999/2500000");
  expect(middle.headers.get("content-length")).toBe("1000");
  expect(await bytesOf(middle)).toEqual(content.subarray(1000, 2000));
  expect(end.headers.get("content-range")).toBe("bytes 2499500-2499999/2500000");
  expect(await bytesOf(end)).toEqual(content.subarray(-500));
  expect(reads).toEqual([
    { id: "f1", start: 1000, end: 2000 },
    { id: "f1", start: 2_499_500, end: 2_500_000 },
  ]);
});

test("a range outside of the file is 416 and says how large the file is", async () => {
  const { get } = await startDoor();

  const answer = await get("f1", { range: "bytes=2500000-" });

  expect(answer.status).toBe(416);
  expect(answer.headers.get("content-range")).toBe("bytes */2500000");
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(await answer.json()).toMatchObject({ status: 416, code: "RANGE_NOT_SATISFIABLE" });
});

test("a range of another content, or one that cannot be read, gets the whole", async () => {
  const { get } = await startDoor();

  const other = await get("f1", { range: "bytes=0-9", "if-range": '"other"' });
  const same = await get("f1", { range: "bytes=0-9", "if-range": `"${"a".repeat(64)}"` });
  const several = await get("f1", { range: "bytes=0-9,20-29" });

  expect([other.status, same.status, several.status]).toEqual([200, 206, 200]);
});

test("who has the file already is told so", async () => {
  const { get, reads } = await startDoor();

  const answer = await get("f1", { "if-none-match": `"${"a".repeat(64)}"` });

  expect(answer.status).toBe(304);
  expect(reads).toEqual([]);
});

test("an empty file is an empty download", async () => {
  const { get } = await startDoor({ size: 0 });

  const answer = await get("f1");

  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-length")).toBe("0");
  expect(await answer.text()).toBe("");
});

test.each([
  ['a"b\\c/../d.txt', "a_b_c_.._d.txt", "a%22b_c_.._d.txt"],
  ["it's (1)*.txt", "it_s (1)_.txt", "it%27s%20%281%29%2A.txt"],
  ["😀", "__", "%F0%9F%98%80"],
])("Content that attacks: the name %j cannot leave its place", async (name, plain, encoded) => {
  const { get } = await startDoor({ name });

  const { headers } = await get("f1");

  expect(headers.get("content-disposition")).toBe(
    `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`,
  );
});

test("B09: an unknown file, or one of a case that is not to be seen, is 404", async () => {
  const { get } = await startDoor();

  expect((await get("f2")).status).toBe(404);
  expect((await get("no such id!")).status).toBe(404);
});

test("only users may download", async () => {
  const { ask } = await startDoor();

  expect((await ask("GET /files/f1", { token: "connector" })).status).toBe(403);
  expect((await ask("GET /files/f1")).status).toBe(401);
});

test("a piece that fails once is read again", async () => {
  const { get } = await startDoor({ failures: 1 });

  const answer = await get("f1");

  expect((await bytesOf(answer)).equals(content)).toBe(true);
});

test("a file that cannot be read to its end breaks off, and does not pass for whole", async () => {
  const { get } = await startDoor({ failures: 1_000 });

  const answer = await get("f1");

  await expect(answer.arrayBuffer()).rejects.toThrow();
});

const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

/** A gateway before one file; reading it past its first piece fails as often as told. */
async function startDoor({ name = "año.png", size = content.length, failures = 0 } = {}) {
  const reads: unknown[] = [];
  let left = failures;
  const files = standIn("files", {
    open({ params: { id } }) {
      if (id !== "f1") throw notFound("file", id);
      const sha256 = "a".repeat(64);
      return {
        id,
        name,
        contentType: "image/png",
        size,
        sha256,
        createdAt: at,
      };
    },
    read({ params }) {
      reads.push(params);
      const { start = 0, end = size } = params;
      const short = start > 0 && left-- > 0 ? 1 : 0;
      return Readable.from([content.subarray(start, end - short)]);
    },
  });
  const { ask } = await startGateway({}, files);
  const get = (id: string, headers: Record<string, string> = {}) =>
    ask(`GET /files/${encodeURIComponent(id)}`, { token: "agent", headers });

  return { ask, get, reads };
}
