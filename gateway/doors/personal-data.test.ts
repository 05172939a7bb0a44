import { expect, test } from "@jest/globals";
import { Readable } from "node:stream";
import { unavailable } from "#shared/errors.ts";
import { standIn } from "#shared/testing/bus.ts";
import { readArchive } from "../../tests/archives.ts";
import { at, startGateway } from "../../tests/gateway.ts";

const path = "GET /customers/c1/personal-data";
const administrator = { token: "administrator" };
const subject = { customerIds: ["c1"], addresses: ["email:ada@example.com"] };
const none = { items: [], nextCursor: null };
const bytes = Buffer.alloc(2_500_000, "x");

/** A service that keeps this many things about anybody, one to a page. */
const pages =
  (kind: string, many: number, onPage: (place: number) => void = () => undefined) =>
  ({ params: { cursor } }: { params: { cursor?: string } }) => {
    const place = Number(cursor ?? 0);
    onPage(place);
    if (many === 0) return { kind, ...none };
    const id = `${kind}-${String(place)}`;
    const data = { id, name: "../a/../plan.pdf", size: bytes.length, customerId: "c1" };
    return { kind, items: [{ id, data }], nextCursor: place + 1 < many ? String(place + 1) : null };
  };

const aChange = (aggregateId: string) => ({
  id: "e1",
  event: "cases.created",
  aggregate: "case",
  aggregateId,
  aggregateVersion: 1,
  actorKind: "user",
  actorId: "u1",
  changes: [],
  at,
});

const neighbours = ({ cases = 3, onCase = (_place: number): void => undefined } = {}) => [
  standIn("customers", {
    openPersonalData: () => subject,
    personalData: pages("customer", 1),
  }),
  standIn("cases", { personalData: pages("case", cases, onCase) }),
  standIn("channels", { personalData: pages("interaction", 0) }),
  standIn("files", {
    personalData: ({ params: { cursor } }) => {
      const page = pages("file", 2)({ params: cursor ? { cursor } : {} });
      const data = page.items[0]?.data ?? {};
      if (cursor) Object.assign(data, { deletedAt: at });
      return page;
    },
    read: ({ params: { start = 0, end = 0 } }) => Readable.from([bytes.subarray(start, end)]),
  }),
  standIn("imports", { personalData: pages("importRow", 1) }),
];
const audit = standIn("audit", {
  changesOf: ({ params: { aggregateIds } }) => ({
    items: aggregateIds.map(aChange),
    nextCursor: null,
  }),
});

test("B08: the archive has a list from each service, the files' bytes and, last of all, the index", async () => {
  const { ask } = await startGateway({}, ...neighbours(), audit);

  const answer = await ask(path, administrator);

  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  const entries = await readArchive(Buffer.from(await answer.arrayBuffer()));
  expect([...entries.keys()]).toEqual([
    "customers.json",
    "cases.json",
    "channels.json",
    "files.json",
    "imports.json",
    "changes.json",
    "attachments/file-0/__a_.._plan.pdf",
    "index.json",
  ]);
  expect(JSON.parse(String(entries.get("cases.json")))).toMatchObject([
    { kind: "case", id: "case-0" },
    { kind: "case", id: "case-1" },
    { kind: "case", id: "case-2" },
  ]);
  expect(JSON.parse(String(entries.get("channels.json")))).toEqual([]);
  expect(JSON.parse(String(entries.get("changes.json")))).toHaveLength(7);
  expect(entries.get("attachments/file-0/__a_.._plan.pdf")?.equals(bytes)).toBe(true);
});

test("B08: while a service is away there is no archive at all", async () => {
  const { ask } = await startGateway({}, ...neighbours());

  const answer = await ask(path, administrator);

  expect(answer.status).toBe(503);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
});

test("B08: an archive whose service goes away meanwhile breaks off; it is never short without a word", async () => {
  const onCase = (place: number) => {
    if (place === 1) throw unavailable("Gone");
  };
  const { ask } = await startGateway({}, ...neighbours({ onCase }), audit);

  const answer = await ask(path, administrator);

  expect(answer.status).toBe(200);
  await expect(answer.arrayBuffer()).rejects.toThrow();
});
