/** Notes on cases, through the gateway, for each role (F182-F185). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { until } from "#shared/testing/until.ts";
import { placesOf } from "../system/search.ts";
import { expected } from "../system/system.ts";
import { readWorkbook } from "../workbook.ts";
import { ifMatch, startTeam, type Team } from "./team.ts";

interface Note {
  id: string;
  text: string;
  version: number;
}

const folder = mkdtempSync(join(tmpdir(), "casewire-notes-"));
const logged = { LOG_FILE: join(folder, "log"), LOG_LEVEL: "debug" };

let team: Team;
let ask: Team["ask"];

beforeAll(async () => {
  team = await startTeam(logged);
  ({ ask } = team);
}, 90_000);
afterAll(async () => {
  await team.system.stop();
  rmSync(folder, { recursive: true });
});

test("F182-F184, D04, D16: notes by each role, on an open case", async () => {
  const { id } = (await team.send()).case;
  const { agent, colleague, supervisor, stranger, administrator, inbox } = team;
  const path = `/cases/${id}/notes`;

  const made = await ask("POST", path, agent, { text: "Calls at noon", color: "#00FF00" });
  const note = expected(made, 201).json<Note>();
  const changed = await ask(
    "PATCH",
    `${path}/${note.id}`,
    agent,
    { text: "Calls at one" },
    ifMatch(1),
  );
  const list = await ask("GET", path, supervisor);

  expect(made.headers["location"]).toBe(`/api/v1${path}/${note.id}`);
  expect(made.headers.etag).toBe('"1"');
  expect(expected(changed, 200).json()).toMatchObject({ color: "#00ff00", version: 2 });
  expect(expected(list, 200).json<{ items: object[] }>().items).toMatchObject([
    { id: note.id, text: "Calls at one", createdBy: agent.id, createdByName: "A agent" },
  ]);
  expect((await ask("GET", `${path}/${note.id}`, colleague)).headers.etag).toBe('"2"');
  const refused: [number, Promise<{ status: number }>][] = [
    [428, ask("PATCH", `${path}/${note.id}`, agent, { text: "x" })],
    [412, ask("PATCH", `${path}/${note.id}`, agent, { text: "x" }, ifMatch(1))],
    [403, ask("PATCH", `${path}/${note.id}`, supervisor, { text: "x" }, ifMatch(2))],
    [403, ask("DELETE", `${path}/${note.id}`, colleague)],
    [422, ask("POST", path, agent, { text: "x", color: "green" })],
    [422, ask("POST", path, agent, { text: "" })],
    [404, ask("GET", path, stranger)],
    [404, ask("POST", path, stranger, { text: "x" })],
    [404, ask("DELETE", `${path}/${note.id}`, stranger)],
    [403, ask("GET", path, { token: inbox.key })],
    [404, ask("GET", `/cases/${randomUUID()}/notes`, administrator)],
  ];
  for (const [status, answer] of refused) expect((await answer).status).toBe(status);
  expect((await ask("DELETE", `${path}/${note.id}`, supervisor)).status).toBe(204);
  expect((await ask("DELETE", `${path}/${note.id}`, administrator)).status).toBe(204);
  expect((await ask("GET", path, agent)).json()).toMatchObject({ items: [] });
  const log = await until(async () => {
    const answer = await ask("GET", `/changes?aggregate=note&aggregateId=${note.id}`);
    const { items } = answer.json<{ items: { event: string; actorId: string }[] }>();
    return items.length === 3 && items;
  });
  expect(log.map(({ event }) => event).sort()).toEqual([
    "cases.noteAdded",
    "cases.noteChanged",
    "cases.noteDeleted",
  ]);
});

test("F185, B09, P16: a note's text is in its collection and nowhere else", async () => {
  const canary = `canary${randomUUID().replaceAll("-", "")}`;
  const { case: kase, customer } = await team.send();
  const { agent, supervisor, administrator, system } = team;
  const path = `/cases/${kase.id}/notes`;
  const note = expected(await ask("POST", path, agent, { text: canary }), 201).json<Note>();
  const { id: noteId, version } = note;
  const more = { text: `${canary} more` };
  expected(await ask("PATCH", `${path}/${noteId}`, agent, more, ifMatch(version)), 200);
  await until(async () => {
    const answer = await ask("GET", `/changes?aggregate=note&aggregateId=${noteId}`);
    return answer.json<{ items: object[] }>().items.length === 2;
  });

  const reads = [
    `/cases/${kase.id}`,
    `/cases/${kase.id}/conversation`,
    `/cases/${kase.id}/presence`,
    `/cases/${kase.id}/attachments`,
    `/cases?q=${canary}`,
    "/cases?limit=200",
    "/cases/pending",
    `/customers/${customer.id}`,
    `/customers/${customer.id}/cases`,
    `/customers/${customer.id}/interactions`,
    `/customers/${customer.id}/attachments`,
    `/customers/${customer.id}/dashboard`,
    `/customers?q=${canary}`,
    `/changes?aggregate=note&aggregateId=${noteId}`,
    `/changes?aggregate=case&aggregateId=${kase.id}`,
  ];
  for (const read of reads) {
    for (const by of [agent, supervisor, administrator]) {
      const { status, text } = await ask("GET", read, by);
      expect([read, [200, 403].includes(status)]).toEqual([read, true]);
      expect([read, text.includes(canary)]).toEqual([read, false]);
    }
  }
  expect(readFileSync(logged.LOG_FILE).length).toBeGreaterThan(0);
  const found = await placesOf(system, [canary]);
  const workbook = await fetch(
    `http://127.0.0.1:${String(system.port)}/api/v1/customers/export.xlsx`,
    { headers: { authorization: `Bearer ${administrator.token}` } },
  );
  const rows = await readWorkbook(Readable.fromWeb(workbook.body as ReadableStream));
  expect(rows.length).toBeGreaterThan(1);
  expect(JSON.stringify(rows)).not.toContain(canary);
  const { NAMESPACE } = system.environment;
  expect([...(found.get(canary) ?? [])]).toEqual([`${String(NAMESPACE)}_cases.notes`]);
});
