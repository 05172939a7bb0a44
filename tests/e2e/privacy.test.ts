import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import type { Erasure } from "#shared/contracts/customers/privacy.ts";
import { until } from "#shared/testing/until.ts";
import { expected, patient, post, startSystem, together, type System } from "../system/system.ts";
import { placesOf } from "../system/search.ts";
import { aPerson, type Person } from "./a-person.ts";
import { readArchive } from "../archives.ts";
import type { Outcome } from "./world.ts";

const logFile = join(tmpdir(), `casewire-privacy-${randomBytes(6).toString("hex")}.log`);

let system: System;
let person: Person;

beforeAll(async () => {
  const { MONGODB_URL, NATS_URL } = process.env;
  const servers = { mongodbUrl: String(MONGODB_URL), natsUrl: String(NATS_URL) };
  const more = { ...patient, LOG_FILE: logFile, LOG_LEVEL: "debug", ERASURE_SETTLE_MS: "1500" };
  system = await startSystem(servers, together, more);
  person = await aPerson(system);
}, 90_000);
afterAll(async () => {
  await system.stop();
  rmSync(logFile, { force: true });
});

const ask = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  system.http(method, `/api/v1${path}`, {
    token: system.token,
    headers,
    ...(body ? { body } : {}),
  });

const changesOf = async (id: string) =>
  expected(await ask("GET", `/changes?aggregateId=${id}`), 200).json<{ items: ChangeEntry[] }>()
    .items;

/** The words that are found, and those that are found where none may ever be. */
async function wordsFound() {
  const places = [...(await placesOf(system, person.words))].filter(([, found]) => found.size > 0);
  const never = (place: string) => place === "log" || place.startsWith("stream ");
  return {
    all: places.map(([word]) => word),
    leaked: places.flatMap(([word, found]) => ([...found].some(never) ? [word] : [])),
  };
}

test("P16, F116: what is planted is kept, and shown in the change log, but neither streamed nor logged", async () => {
  await until(async () => (await changesOf(person.id)).length >= 4);

  expect(await wordsFound()).toEqual({ all: person.words, leaked: [] });
  const [edit] = await changesOf(person.id);
  expect(edit?.changes).toContainEqual({
    field: "lastName",
    old: expect.stringContaining("kanariprevious"),
    new: expect.stringContaining("kanarilastname"),
    personal: true,
  });
});

test("B08: everything about a customer comes as one archive, from every service, with its files", async () => {
  const answer = await fetch(
    `http://127.0.0.1:${String(system.port)}/api/v1/customers/${person.id}/personal-data`,
    { headers: { authorization: `Bearer ${system.token}` } },
  );

  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/zip");
  const entries = await readArchive(Buffer.from(await answer.arrayBuffer()));
  const everything = [...entries].map(([name, content]) => `${name} ${content.toString("latin1")}`);
  const missing = person.words.filter((word) => !everything.some((one) => one.includes(word)));
  expect(missing).toEqual([]);
  const index = JSON.parse(String(entries.get("index.json"))) as {
    customerId: string;
    files: { name: string; items: number }[];
  };
  expect(index).toMatchObject({ customerId: person.id });
  expect(Object.fromEntries(index.files.map(({ name, items }) => [name, items]))).toEqual({
    "customers.json": 7,
    "cases.json": 4,
    "channels.json": 3,
    ...{ "files.json": 1, "imports.json": 0 },
    "changes.json": expect.any(Number),
  });
  expect([...entries.keys()].filter((name) => name.startsWith("attachments/"))).toHaveLength(2);
  const exported = "customers.personalDataExported";
  await until(async () => (await changesOf(person.id)).some(({ event }) => event === exported));
});

test("B08: neither agents nor supervisors get a person's data, or erase one", async () => {
  const path = `/customers/${person.id}`;
  for (const role of ["agent", "supervisor"]) {
    const user = {
      email: `${randomBytes(6).toString("hex")}@example.com`,
      password: "a-long-enough-one",
    };
    expected(await ask("POST", "/users", { ...user, name: "A user", role }), 201);
    const { accessToken: token } = expected(await ask("POST", "/auth/sign-in", user), 200).json<{
      accessToken: string;
    }>();
    const answers = await Promise.all([
      system.http("GET", `/api/v1${path}/personal-data`, { token }),
      system.http("POST", `/api/v1${path}/erasure`, { token, body: { reason: "x", confirm: "x" } }),
      system.http("PUT", `/api/v1${path}/legal-hold`, { token, body: { reason: "x" } }),
      system.http("GET", "/api/v1/erasures", { token }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  }
});

test("B08: a customer is not erased by mistake, nor while a legal hold forbids it", async () => {
  const path = `/customers/${person.id}`;
  const unnamed = await ask("POST", `${path}/erasure`, { reason: "request 7", confirm: "Ada" });
  const unknown = await ask("POST", "/customers/nobody/erasure", { reason: "x", confirm: "x" });
  const hold = await ask("PUT", `${path}/legal-hold`, { reason: "a lawsuit" });
  const held = await ask("POST", `${path}/erasure`, {
    reason: "request 7",
    confirm: person.displayName,
  });
  const read = await ask("GET", `${path}/legal-hold`);
  const lifted = await ask("DELETE", `${path}/legal-hold`);
  const again = await ask("DELETE", `${path}/legal-hold`);

  expect([unnamed.status, unknown.status, hold.status]).toEqual([422, 404, 200]);
  expect(unnamed.json()).toMatchObject({ errors: [{ path: "confirm" }] });
  expect([held.status, held.json<{ code: string }>().code]).toEqual([409, "LEGAL_HOLD"]);
  expect(read.json()).toMatchObject({ customerId: person.id, reason: "a lawsuit" });
  expect([lifted.status, again.status]).toEqual([204, 404]);
});

test("B08, P16: an erased person is found nowhere: not in databases, files, streams or logs", async () => {
  const asked = { reason: "request 7", confirm: person.displayName };
  const begun = expected(await ask("POST", `/customers/${person.id}/erasure`, asked), 202);
  const { id } = begun.json<{ id: string }>();
  const second = await ask("POST", `/customers/${person.id}/erasure`, asked);
  const erasure = await until(
    async () => {
      const one = (await ask("GET", `/erasures/${id}`)).json<Erasure>();
      return one.state === "done" ? one : undefined;
    },
    { withinMs: 30_000 },
  );

  expect(second.json()).toMatchObject({ status: 409, code: "ERASURE_RUNNING", existingId: id });
  expect(await wordsFound()).toEqual({ all: [], leaked: [] });
  const counts = Object.fromEntries(
    erasure.report.map(({ service, kind, found }) => [`${service}.${kind}`, found]),
  );
  expect(counts).toMatchObject({
    "customers.customer": 1,
    "customers.blockedAddress": 3,
    "customers.removedContactPoint": 1,
    "customers.account": 1,
    "customers.relation": 1,
    ...{ "cases.case": 3, "cases.activity": 1 },
    "channels.interaction": 3,
    "files.file": 2,
  });
  expect(erasure.report.every(({ stays }) => stays !== "")).toBe(true);
  expect(erasure).not.toHaveProperty("subject");
  const list = expected(await ask("GET", "/erasures?state=done"), 200);
  expect(list.json<{ items: Erasure[] }>().items).toEqual([erasure]);
}, 60_000);

test("B08: what counts the work stays: cases, messages and the change log, without the person", async () => {
  const [caseId = ""] = person.caseIds;
  const [interactionId = ""] = person.interactionIds;

  const customer = await ask("GET", `/customers/${person.id}`);
  const kase = expected(await ask("GET", `/cases/${caseId}`), 200).json<object>();
  const interaction = expected(await ask("GET", `/interactions/${interactionId}`), 200);
  const files = await Promise.all(person.fileIds.map((one) => ask("GET", `/files/${one}`)));
  const log = await changesOf(person.id);

  expect([customer.status, ...files.map(({ status }) => status)]).toEqual([404, 404, 404]);
  expect(kase).toMatchObject({
    id: caseId,
    customerId: person.id,
    campaignId: person.inbox.campaignId,
    erasedAt: expect.any(String),
    description: "",
  });
  expect(kase).not.toHaveProperty("customerName");
  expect(interaction.json()).toMatchObject({
    caseId,
    seq: 1,
    from: { type: "email", value: "erased" },
    attachments: [{ name: "erased" }],
    erasedAt: expect.any(String),
  });
  const created = log.find(({ event }) => event === "customers.created");
  expect(created).toMatchObject({ aggregateId: person.id, actorKind: "user" });
  expect(created?.changes).toContainEqual({ field: "firstName", personal: true, erased: true });
  expect(log.map(({ event }) => event)).toContain("customers.erased");
});

test("B01, P2: a message of an erased person that is sent again has no second effect", async () => {
  const again = expected(await post(system.http, person.inbox, person.message), 200);

  expect(again.json()).toMatchObject({
    interactionId: person.interactionIds[0],
    duplicate: true,
    case: { id: person.caseIds[0] },
  });
});

test("B08: a new message from the address of an erased person makes a new customer", async () => {
  const message = {
    externalId: randomBytes(8).toString("hex"),
    from: { type: "email", value: person.email },
    text: "Hello again",
  };

  const sent = expected(await post(system.http, person.inbox, message), 201).json<Outcome>();

  expect(sent).toMatchObject({ state: "filed", customer: { isNew: true } });
  expect(sent.customer.id).not.toBe(person.id);
  expect(person.caseIds).not.toContain(sent.case.id);
});
