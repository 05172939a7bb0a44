/** What bad input gets that no HTTP client of ours would send: slow, cut, endless, not HTTP. */
import { expect, test } from "@jest/globals";
import { sendRaw, startGateway } from "../tests/gateway.ts";

test("a body without a media type is 415", async () => {
  const { port } = await startGateway({});

  const answer = await sendRaw(
    port,
    "POST /api/v1/campaigns HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
      "Authorization: Bearer administrator\r\nContent-Length: 2\r\n\r\n{}",
  );

  expect(answer).toMatch(/^HTTP\/1\.1 415 /);
});

test("a body of unknown length is cut at the limit", async () => {
  const { port } = await startGateway({});
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;

  const answer = await sendRaw(
    port,
    "POST /api/v1/campaigns HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
      "Authorization: Bearer administrator\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
    ...Array<string>(8).fill(chunk),
    "0\r\n\r\n",
  );

  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
});

test("headers over 16 kB are 431", async () => {
  const { port } = await startGateway({});

  const answer = await sendRaw(
    port,
    `GET /health/live HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`,
  );

  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain("application/problem+json");
  expect(answer).toContain('"code":"HEADERS_TOO_LARGE"');
});

test("what is no HTTP at all is 400", async () => {
  const { port } = await startGateway({});

  const answer = await sendRaw(port, "HELO case.example.com\r\n\r\n");

  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain("application/problem+json");
});

test("a client too slow with its head or its body is 408", async () => {
  const { port } = await startGateway({
    headTimeoutMs: 200,
    uploadTimeoutMs: 300,
    slowCheckMs: 50,
  });

  const head = await sendRaw(port, "GET /health/live HTTP/1.1\r\nHost: a\r\n");
  const body = await sendRaw(
    port,
    "POST /api/v1/campaigns HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
      "Authorization: Bearer administrator\r\nContent-Length: 10\r\n\r\n{",
  );

  expect(head).toMatch(/^HTTP\/1\.1 408 /);
  expect(body).toMatch(/^HTTP\/1\.1 408 /);
  expect(body).toContain('"code":"TOO_SLOW"');
});
