/** The supervisors' live board, forced states and the history (F227, G19). */
import { expect, test } from "@jest/globals";
import type { ServiceSchema } from "moleculer";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { campaignsOf, note, present, statesOf } from "./agents.samples.ts";
import identity from "./identity.service.ts";

const admin = as("administrator");

/** Ada works in care, Bo in sales; each campaign has a supervisor. */
async function aTeam(...neighbours: ServiceSchema[]) {
  const team = {
    care: { agents: [] as string[], supervisors: [newId()], timeZone: "America/Bogota" },
    sales: { agents: [] as string[], supervisors: [newId()] },
  };
  const bus = await startBus(identity, campaignsOf(team), ...neighbours);
  const ada = await present(bus, { name: "Ada" });
  const bo = await present(bus, { name: "Bo" });
  team.care.agents.push(ada.id);
  team.sales.agents.push(bo.id);
  const supervisor = as("supervisor", { id: String(team.care.supervisors[0]) });
  const board = (params: object = {}, who = supervisor) => bus.call("identity.board", params, who);
  const force = (userId: string, wanted: object, who = supervisor) =>
    bus.call("identity.forceState", { userId, ...wanted } as never, who);
  return { bus, ada, bo, supervisor, board, force };
}

test("F227, G19: a supervisor sees what the agents of the own campaigns do", async () => {
  const asked: object[] = [];
  const { bus, ada, board } = await aTeam(
    standIn("cases", {
      workloadsOf: ({ params }) => {
        asked.push(params);
        return [{ userId: params.userIds[0] ?? "", openCases: 3 }];
      },
    }),
  );
  await bus.call("identity.setState", { state: "paused", reason: "lunch" }, ada.caller);

  const { items } = await board();

  expect(items).toEqual([
    {
      userId: ada.id,
      name: "Ada",
      state: "paused",
      reason: "lunch",
      since: expect.any(Date),
      secondsInState: expect.any(Number),
      firstSignInAt: expect.any(Date),
      connectedSeconds: expect.any(Number),
      pauses: [{ reason: "lunch", seconds: expect.any(Number) }],
      openCases: 3,
    },
  ]);
  expect(asked).toEqual([{ userIds: [ada.id], campaignIds: ["care"] }]);
});

test("G19: times of today are summed up, the pauses by reason, from midnight of the campaign on", async () => {
  const { ada, board } = await aTeam();
  const spans = nativeOf<{ _id: string; userId: string; from: Date; to?: Date; state: string }>(
    database("identity"),
    "agentStates",
  );
  await spans.deleteMany({ userId: ada.id });
  const now = Date.now();
  const ago = (minutes: number) => new Date(now - minutes * 60_000);
  const kept = [
    { state: "available", from: ago(50 * 60), to: ago(49 * 60), isSignIn: true },
    { state: "offline", from: ago(49 * 60), to: ago(0.5) },
    { state: "available", from: ago(0.5), to: ago(0.4), isSignIn: true },
    { state: "paused", reason: "break", from: ago(0.4), to: ago(0.3) },
    { state: "paused", reason: "lunch", from: ago(0.3), to: ago(0.2) },
    { state: "busy", from: ago(0.2) },
  ];
  await spans.insertMany(kept.map((span) => ({ _id: newId(), userId: ada.id, ...span })));

  const [row] = (await board({ campaignId: "care" })).items;

  expect(row?.firstSignInAt).toEqual(ago(0.5));
  expect(row?.connectedSeconds).toBeGreaterThanOrEqual(30);
  expect(row?.connectedSeconds).toBeLessThan(60);
  const byReason = [...(row?.pauses ?? [])].sort((a, b) => a.reason.localeCompare(b.reason));
  expect(byReason).toEqual([
    { reason: "break", seconds: 6 },
    { reason: "lunch", seconds: 6 },
  ]);
});

test("G19: an administrator sees all agents, page by page; no one else does", async () => {
  const { ada, bo, board } = await aTeam();
  const all: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await board({ limit: 1, ...(cursor ? { cursor } : {}) }, admin);
    all.push(...page.items.map(({ userId }) => userId));
    cursor = page.nextCursor;
  } while (cursor);

  expect(all).toEqual(expect.arrayContaining([ada.id, bo.id]));
  expect((await board({}, as("supervisor"))).items).toEqual([]);
  const ofSales = await board({ campaignId: "sales" }, admin);
  expect(ofSales.items.map(({ userId }) => userId)).toEqual([bo.id]);
});

test("G19: a campaign of others is not there", async () => {
  const { board } = await aTeam();

  for (const campaignId of ["sales", "nowhere"]) {
    await expect(board({ campaignId })).rejects.toMatchObject({ code: 404 });
  }
  await expect(board({ campaignId: "nowhere" }, admin)).rejects.toMatchObject({ code: 404 });
});

test("G19: without cases the board goes on, and leaves out how many are open", async () => {
  const { board } = await aTeam();

  const [row] = (await board()).items;

  expect(row).not.toHaveProperty("openCases");
});

test("G19, D18: a supervisor forces a state, which the change log and the history tell", async () => {
  const { bus, ada, supervisor, force } = await aTeam();

  const forced = await force(ada.id, { state: "paused", reason: "meeting" });

  expect(forced).toMatchObject({ userId: ada.id, state: "paused", reason: "meeting" });
  const by = supervisor.meta.actor?.id;
  const [told] = (await announced("identity", "identity.agentStateForced")).filter(
    ({ data }) => data.userId === ada.id,
  );
  expect(told).toMatchObject({
    aggregate: { kind: "agent", id: ada.id },
    actor: { id: by },
    changes: [
      { field: "state", old: "available", new: "paused" },
      { field: "reason", old: null, new: "meeting" },
    ],
  });
  const { items } = await bus.call("identity.stateHistory", { userId: ada.id }, supervisor);
  expect(items).toMatchObject([
    { state: "paused", reason: "meeting", forcedBy: by, from: forced.since },
    { state: "available", to: forced.since },
  ]);
});

test("G19: nobody is forced out of busy, nor brought back from offline", async () => {
  const { bus, ada, force } = await aTeam();
  await note(bus, ada.id, 1, [{ caseId: "a", sessionId: ada.sessionId }]);

  await expect(force(ada.id, { state: "available" })).rejects.toMatchObject({
    code: 409,
    type: "BUSY",
  });
  expect(await statesOf(ada.id)).toEqual(["available", "busy"]);
  const away = await bus.call(
    "identity.createUser",
    { email: `${newId()}@example.com`, name: "Cy", role: "agent", password: "long enough, too" },
    admin,
  );
  await expect(force(away.id, { state: "available" }, admin)).rejects.toMatchObject({
    code: 409,
    type: "OFFLINE",
  });
});

test("G19, B09: agents of other campaigns look as if they were not there", async () => {
  const { bus, bo, force, supervisor } = await aTeam();

  for (const userId of [bo.id, newId()]) {
    const forced = force(userId, { state: "wrapUp" });
    await expect(forced).rejects.toMatchObject({ code: 404, data: { what: "user" } });
    const read = bus.call("identity.stateHistory", { userId }, supervisor);
    await expect(read).rejects.toMatchObject({ code: 404 });
  }
  await expect(force(newId(), { state: "wrapUp" }, admin)).rejects.toMatchObject({ code: 404 });
  expect(await statesOf(bo.id)).toEqual(["available"]);
});

test.each([
  [{ state: "busy" }, "state"],
  [{ state: "offline" }, "state"],
  [{ state: "paused" }, "reason"],
])("G19: %j cannot be forced", async (wanted, path) => {
  const { ada, force } = await aTeam();

  await expect(force(ada.id, wanted)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path }] },
  });
});

test("G19: the history is read a page at a time, in a range of time", async () => {
  const { bus, ada, supervisor } = await aTeam();
  for (const reason of ["lunch", "break", "meeting"]) {
    await bus.call("identity.setState", { state: "paused", reason }, ada.caller);
  }
  const read = (more: object = {}) =>
    bus.call("identity.stateHistory", { userId: ada.id, ...more }, supervisor);

  const first = await read({ limit: 3 });
  const second = await read({ limit: 3, cursor: first.nextCursor });

  const states = [...first.items, ...second.items].map(({ state, reason }) => reason ?? state);
  expect(states).toEqual(["meeting", "break", "lunch", "available"]);
  expect(second.nextCursor).toBeNull();
  expect(first.items[0]).not.toHaveProperty("to");
  const [, , lunch] = first.items;
  const only = await read({ from: lunch!.from, to: lunch!.from });
  expect(only.items).toMatchObject([{ id: lunch!.id, reason: "lunch" }]);
});

test("G22: reports are told how long each user was in each state", async () => {
  const { bus, ada } = await aTeam();
  const from = new Date(Date.now() - 3_600_000);

  const times = await bus.call("identity.timesOf", { userIds: [ada.id], from, to: new Date() });
  const wrong = bus.call("identity.timesOf", { userIds: [ada.id], from: new Date(), to: from });

  expect(times).toEqual([{ userId: ada.id, state: "available", seconds: expect.any(Number) }]);
  await expect(wrong).rejects.toMatchObject({ code: 422, data: { errors: [{ path: "to" }] } });
});
