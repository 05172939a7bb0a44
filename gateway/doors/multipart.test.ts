/** Forms with files, as browsers and programs send them, and as nobody should. */
import { expect, test } from "@jest/globals";
import { partsOf } from "./multipart.ts";

const type = "multipart/form-data; boundary=xx";
const form = (...lines: string[]) => Buffer.from(lines.join("\r\n"), "utf8");
const disposition = (rest: string) => `Content-Disposition: form-data; ${rest}`;

test("F212: the parts of a form come with their names, in their order, whatever bytes they have", async () => {
  const sent = new FormData();
  const bytes = Uint8Array.from({ length: 512 }, (_, place) => place % 256);
  sent.append("file", new Blob([bytes]), 'a "b" ñ.xlsx');
  sent.append("campaignId", "c1");
  sent.append("empty", "");
  const request = new Request("http://localhost/", { method: "POST", body: sent });

  const parts = partsOf(
    Buffer.from(await request.arrayBuffer()),
    String(request.headers.get("content-type")),
  );

  expect(parts.map(({ name, fileName }) => [name, fileName])).toEqual([
    ["file", "a  b  ñ.xlsx"],
    ["campaignId", undefined],
    ["empty", undefined],
  ]);
  expect(parts[0]!.content).toEqual(Buffer.from(bytes));
  expect(parts.slice(1).map(({ content }) => content.toString())).toEqual(["c1", ""]);
});

test("F212: a preamble, and white space behind a boundary, are borne", () => {
  const body = form("Hello", "--xx  ", disposition('name="a"'), "", "1", "--xx--", "bye");

  expect(partsOf(body, 'multipart/form-data; boundary="xx"')).toEqual([
    { name: "a", content: Buffer.from("1") },
  ]);
});

test.each<[string, Buffer, string]>([
  ["no boundary", form("--xx--"), "multipart/form-data"],
  ["nothing", Buffer.alloc(0), type],
  ["no end", form("--xx", disposition('name="a"'), "", "1"), type],
  ["no head", form("--xx", "1", "--xx--"), type],
  ["no name", form("--xx", disposition("x=1"), "", "1", "--xx--"), type],
  [
    "another disposition",
    form("--xx", 'Content-Disposition: file; name="a"', "", "1", "--xx--"),
    type,
  ],
  [
    "a head without end",
    form("--xx", `X: ${"x".repeat(5_000)}`, disposition('name="a"'), "", "1", "--xx--"),
    type,
  ],
  ["a boundary that goes on", form("--xxy", disposition('name="a"'), "", "1", "--xx--"), type],
  [
    "very many parts",
    form(
      ...Array.from({ length: 21 }, () => ["--xx", disposition('name="a"'), "", "1"]).flat(),
      "--xx--",
    ),
    type,
  ],
])("F212: %s is no form", (_what, body, contentType) => {
  expect(() => partsOf(body, contentType)).toThrow(expect.objectContaining({ code: 400 }));
});
