/** Retention through the gateway: what was said in cases goes with the time, what counts stays (B08). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomBytes, randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import type { ReadCase } from "#shared/contracts/cases.ts";
import type { RetentionRun } from "#shared/contracts/cases/retention.ts";
import { until } from "#shared/testing/until.ts";
import { closeLongAgo } from "../system/backdating.ts";
import { placesOf } from "../system/search.ts";
import { askerOf, expected, post, type Ask } from "../system/system.ts";
import { aConversation, withTab, type Conversation } from "./a-conversation.ts";
import { startWorld, type World } from "./world.ts";

const logFile = join(tmpdir(), `casewire-retention-${randomBytes(6).toString("hex")}.log`);

let world: World;
let ask: Ask;
let runs: string;
let old: Conversation;
let held: Conversation;
let young: Conversation;

beforeAll(async () => {
  world = await startWorld({ environment: { LOG_FILE: logFile, LOG_LEVEL: "debug" } });
  const { system, inbox } = world;
  ask = askerOf(() => system);
  runs = `/campaigns/${inbox.campaignId}/retention-runs`;
  const tabId = await withTab(system, inbox);
  old = await aConversation(system, inbox, tabId);
  held = await aConversation(system, inbox, tabId);
  young = await aConversation(system, inbox, tabId);
  await closeLongAgo(system, { caseIds: [old.caseId, held.caseId] }, 31);
  const hold = { body: { reason: "a lawsuit" } };
  expected(await ask("PUT", `/customers/${held.customerId}/legal-hold`, hold), 200);
}, 90_000);
afterAll(async () => {
  await world.system.stop();
  rmSync(logFile, { force: true });
});

async function keepFor(retentionDays: number | null): Promise<void> {
  const campaign = `/campaigns/${world.inbox.campaignId}`;
  const { version } = expected(await ask("GET", campaign), 200).json<{ version: number }>();
  expected(await ask("PATCH", campaign, { version, body: { retentionDays } }), 200);
}

async function ended(body: object): Promise<RetentionRun> {
  const { id } = expected(await ask("POST", runs, { body }), 202).json<RetentionRun>();
  return until(
    async () => {
      const run = expected(await ask("GET", `/retention-runs/${id}`), 200).json<RetentionRun>();
      return run.state === "running" ? undefined : run;
    },
    { withinMs: 30_000 },
  );
}

const changesOf = async (caseId: string) =>
  expected(await ask("GET", `/cases/${caseId}/changes?limit=200`), 200).json<{
    items: ChangeEntry[];
  }>().items;

/** The words of a conversation that are found anywhere. */
const leftOf = async ({ words }: Conversation) =>
  [...(await placesOf(world.system, words))].filter(([, found]) => found.size > 0).map(([w]) => w);

const foundIn = ({ report }: RetentionRun) =>
  Object.fromEntries(report.map(({ service, kind, found }) => [`${service}.${kind}`, found]));

const content = {
  ...{ "cases.case": 1, "cases.note": 2, "cases.activity": 1, "cases.tabValues": 1 },
  ...{ "cases.draft": 1, "channels.interaction": 1, "files.file": 2 },
};

test("B08: only administrators have content removed, or see what was", async () => {
  const { id } = (await ask("GET", "/retention-runs")).json<{ id?: string }>();
  const roles = [(await world.aUser("agent")).token, (await world.aUser("supervisor")).token];

  for (const token of [...roles, world.inbox.key]) {
    const answers = await Promise.all([
      ask("POST", runs, { token, body: { dryRun: true, retentionDays: 1 } }),
      ask("GET", "/retention-runs", { token }),
      ask("GET", `/retention-runs/${id ?? "x"}`, { token }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  }
});

test("B08: retention is off until a campaign says for how many days it keeps what was said", async () => {
  const { campaignId } = world.inbox;
  const campaign = `/campaigns/${campaignId}`;
  const { version, ...configured } = expected(await ask("GET", campaign), 200).json<{
    version: number;
  }>();
  const off = await ask("POST", runs, { body: {} });
  const patches = await Promise.all([
    ask("PATCH", campaign, { body: { retentionDays: 30 } }),
    ask("PATCH", campaign, { version: version + 1, body: { retentionDays: 30 } }),
    ask("PATCH", campaign, { version, body: { retentionDays: 0 } }),
    ask("PATCH", campaign, { version, body: { retentionDays: 1.5 } }),
    ask("PATCH", campaign, { version, body: { retentionDays: "30" } }),
  ]);

  expect(configured).not.toHaveProperty("retentionDays");
  expect([off.status, off.json<{ code: string }>().code]).toEqual([409, "RETENTION_OFF"]);
  expect(patches.map(({ status }) => status)).toEqual([428, 412, 422, 422, 422]);
  expect(patches[2].json()).toMatchObject({ errors: [{ path: "retentionDays" }] });
  const unknown = await ask("POST", `/campaigns/${randomUUID()}/retention-runs`, { body: {} });
  expect([unknown.status, (await ask("GET", "/retention-runs/none")).status]).toEqual([404, 404]);
});

test("B08: a dry run tells what would go, for any number of days, and removes nothing", async () => {
  const soon = await ended({ dryRun: true, retentionDays: 30 });
  await keepFor(30);
  const own = await ended({ dryRun: true });

  expect(soon).toMatchObject({ dryRun: true, found: 1, spared: 1, retentionDays: 30 });
  expect(soon.examples).toMatchObject([{ id: old.caseId, number: old.number }]);
  expect(soon.oldestClosedAt).toEqual(soon.examples[0]?.closedAt);
  expect(foundIn(soon)).toEqual(content);
  expect(soon.report.every(({ erased }) => erased === 0)).toBe(true);
  expect(foundIn(own)).toEqual(content);
  for (const one of [old, held, young]) expect(await leftOf(one)).toEqual(one.words);
});

test("B08, P16: what was said is found nowhere afterwards; younger and held cases keep it", async () => {
  await until(async () => (await changesOf(old.caseId)).length >= 10);

  const run = await ended({});

  expect(run).toMatchObject({ state: "done", found: 1, spared: 1, dryRun: false });
  expect(foundIn(run)).toMatchObject(content);
  const entries = run.report.find(({ service }) => service === "audit");
  expect(entries?.erased).toBeGreaterThan(2);
  expect(await leftOf(old)).toEqual([]);
  for (const one of [held, young]) expect(await leftOf(one)).toEqual(one.words);
  const list = expected(await ask("GET", `/retention-runs?state=done&limit=1`), 200);
  expect(list.json<{ items: object[] }>().items).toEqual([run]);
});

test("B08: number, customer, status, people, counts and times stay, and the log of what happened", async () => {
  const path = `/cases/${old.caseId}`;
  const kase = expected(await ask("GET", path), 200).json<ReadCase>();
  const talk = expected(await ask("GET", `${path}/conversation`), 200).json<{ items: object[] }>();
  const files = expected(await ask("GET", `${path}/attachments`), 200).json<{ items: object[] }>();
  const dashboard = await ask("GET", `/customers/${old.customerId}/dashboard`);

  expect(kase).toMatchObject({
    ...{ number: old.number, status: "closed", customerId: old.customerId, description: "" },
    ...{ customerName: "Ada Byron", interactionCount: 1, activityCount: 1 },
    ...{ closedAt: expect.any(String), contentRemovedAt: expect.any(String) },
  });
  expect(talk.items).toMatchObject([
    { id: old.outcome.interactionId, seq: 1, direction: "inbound", erasedAt: expect.any(String) },
  ]);
  expect(JSON.stringify([talk, files])).not.toContain("kanari");
  expect(expected(dashboard, 200).json()).toMatchObject({
    casesByStatus: expect.arrayContaining([
      expect.objectContaining({ status: "closed", count: 1 }),
    ]),
  });
  const log = await until(async () => {
    const entries = await changesOf(old.caseId);
    return entries.some(({ event }) => event === "cases.contentRemoved") && entries;
  });
  const changes = log.flatMap((entry) => entry.changes);
  expect(changes).toContainEqual({ field: "subject", personal: true, erased: true });
  const customer = expected(await ask("GET", `/customers/${old.customerId}`), 200);
  expect(customer.json()).toMatchObject({ displayName: "Ada Byron" });
});

test("B08, B01: a message that is sent again has no second effect; nothing is added to the case", async () => {
  const { system, inbox } = world;
  const again = expected(await post(system.http, inbox, old.message), 200);
  const note = { body: { text: "Late", color: "#a1b2c3" } };
  const added = await ask("POST", `/cases/${old.number}/notes`, note);
  const changing = { version: 2, body: { text: "Late" } };
  const changed = await ask("PATCH", `/cases/${old.number}/notes/${old.noteId}`, changing);
  const toHeld = await ask("POST", `/cases/${held.number}/notes`, note);

  expect(again.json()).toMatchObject({ duplicate: true, case: { id: old.caseId } });
  const codes = [added, changed].map((one) => [one.status, one.json<{ code: string }>().code]);
  expect(codes).toEqual(Array(2).fill([409, "CONTENT_REMOVED"]));
  expect(toHeld.status).toBe(201);
});

test("B08: once the hold is lifted, the next run takes what it kept", async () => {
  expected(await ask("DELETE", `/customers/${held.customerId}/legal-hold`), 204);

  expect(await ended({})).toMatchObject({ found: 1, spared: 0 });

  expect(await leftOf(held)).toEqual([]);
  await keepFor(null);
  expect((await ask("POST", runs, { body: {} })).status).toBe(409);
});
