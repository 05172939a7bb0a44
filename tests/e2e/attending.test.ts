/** Who attends to a case and what they are writing, through the gateway (F161-F164, B12, B13). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { listenTo } from "../live.ts";
import { expected } from "../system/system.ts";
import { ifMatch, startTeam, type Team } from "./team.ts";

let team: Team;
let ask: Team["ask"];

beforeAll(async () => {
  team = await startTeam();
  ({ ask } = team);
}, 90_000);
afterAll(() => team.system.stop());

test("B12, F161-F164: a draft goes on at another machine, and is nobody else's", async () => {
  const { id } = (await team.send()).case;
  const { agent, colleague, supervisor, stranger, administrator } = team;
  const path = `/cases/${id}/drafts/message`;
  const body = { content: '{"text":"Dear' };

  const first = expected(await ask("PUT", path, agent, body), 200);
  const blind = await ask("PUT", path, agent, body);
  const next = await ask("PUT", path, agent, { content: "two" }, ifMatch(1));
  const late = await ask("PUT", path, agent, { content: "late" }, ifMatch(1));
  const read = expected(await ask("GET", path, agent), 200);

  expect(first.headers.etag).toBe('"1"');
  expect([blind.status, next.status, late.status]).toEqual([428, 200, 412]);
  expect(read.headers.etag).toBe('"2"');
  expect(read.json()).toMatchObject({ content: "two", kind: "message", caseId: id });
  for (const other of [colleague, supervisor, administrator, stranger]) {
    expect((await ask("GET", path, other)).status).toBe(404);
  }
  expect((await ask("PUT", path, stranger, body)).status).toBe(404);
  expect((await ask("PUT", `/cases/${id}/drafts/letter`, agent, body)).status).toBe(404);
  expect((await ask("PUT", path, agent, { content: "x".repeat(800_000) })).status).toBe(413);
  expect((await ask("PUT", path, agent, { content: "é".repeat(120_001) })).status).toBe(422);
  expect((await ask("DELETE", path, agent)).status).toBe(204);
  expect((await ask("DELETE", path, agent)).status).toBe(204);
  expect((await ask("GET", path, agent)).status).toBe(404);
});

test("B13: two agents on a case see one another come, write and go", async () => {
  const { id, number } = (await team.send()).case;
  const { agent, colleague, stranger, system } = team;
  const watching = await listenTo(
    system.port,
    `/cases/${String(number)}/presence/stream`,
    agent.token,
  );
  const seen = () =>
    (watching.events.at(-1)?.data as { items: Record<string, unknown>[] } | undefined)?.items.map(
      ({ userId, entered, typing, name }) => ({ userId, entered, typing, name }),
    ) ?? [];
  const mine = { userId: agent.id, entered: false, typing: undefined, name: "A agent" };
  const theirs = { ...mine, userId: colleague.id, entered: true };
  const comesTo = (all: object[]) =>
    until(() => JSON.stringify(seen()) === JSON.stringify(all) && seen());

  await comesTo([mine]);
  expected(await ask("POST", `/cases/${id}/enter`, colleague), 200);
  await comesTo([mine, theirs]);
  const typing = { what: "activity" };
  expect((await ask("POST", `/cases/${id}/typing`, colleague, typing)).status).toBe(204);
  await comesTo([mine, { ...theirs, typing: "activity" }]);
  await comesTo([mine, theirs]); // after six seconds, by itself
  expect((await ask("POST", `/cases/${id}/typing`, colleague)).status).toBe(204);
  await comesTo([mine, { ...theirs, typing: "message" }]);
  expect((await ask("DELETE", `/cases/${id}/typing`, colleague)).status).toBe(204);
  await comesTo([mine, theirs]);
  expect((await ask("POST", `/cases/${id}/exit`, colleague)).status).toBe(204);
  await comesTo([mine]);

  expect((await ask("POST", `/cases/${id}/typing`, stranger)).status).toBe(404);
  expect((await ask("POST", `/cases/${id}/typing`, agent, { what: "poem" })).status).toBe(422);
  const refused = await listenTo(system.port, `/cases/${id}/presence/stream`, stranger.token);
  expect(refused.status).toBe(404);
  expect((await listenTo(system.port, `/cases/${id}/presence/stream`)).status).toBe(401);
}, 60_000);

test("B13, G04: the stream ends with the sign-in, and with the sight of the case", async () => {
  const { id } = (await team.send()).case;
  const { agent, colleague, system } = team;
  const leaving = await team.aUser("administrator");
  const path = `/cases/${id}/presence/stream`;
  const [ends, loses] = [
    await listenTo(system.port, path, leaving.token),
    await listenTo(system.port, path, colleague.token),
  ];
  await until(() => ends.events.length > 0 && loses.events.length > 0);
  onTestFinished(() => team.staff(agent, colleague));

  expect((await ask("POST", "/auth/sign-out", leaving)).status).toBe(204);
  await until(() => ends.isOver);
  await team.staff(agent);
  expected(await ask("POST", `/cases/${id}/enter`, agent), 200); // whoever watches looks
  await until(() => loses.isOver);
  expect((await ask("POST", `/cases/${id}/exit`, agent)).status).toBe(204);

  expect(ends.events.at(-1)).toEqual({ name: "end", data: { status: 401, code: "UNAUTHORIZED" } });
  expect(loses.events.at(-1)).toEqual({ name: "end", data: { status: 404, code: "NOT_FOUND" } });
});
