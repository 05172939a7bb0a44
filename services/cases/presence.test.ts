/** Entering cases: who is in which, and what becomes of the case. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, standIn } from "#shared/testing/bus.ts";
import { idOf, present, sessionOf, start, told } from "./presence.samples.ts";

test("F077, G01, F116: who enters a new case first opens it, and is in it", async () => {
  const { bus, aKept, enter, inside } = await start();
  const who = present();
  const { id, customerId } = await aKept();

  const entered = await enter(id, who);

  expect(entered).toMatchObject({ id, status: "open", version: 2, entered: true });
  expect(entered.updatedBy).toBe(idOf(who));
  const { entered: _entered, ...kase } = entered;
  expect(await bus.call("cases.get", { id }, who)).toEqual(kase);
  expect(await inside(id, who)).toEqual([idOf(who)]);
  const changes = await announced("cases", "cases.changed");
  expect(changes.filter(({ aggregate }) => aggregate.id === id)).toMatchObject([
    {
      aggregate: { version: 2 },
      actor: { id: idOf(who) },
      changes: [{ field: "status", old: "new", new: "open" }],
      data: { id, campaignId: "support", customerId },
    },
  ]);
  const entry = { caseId: id, sessionId: sessionOf(who) };
  expect(await told("cases.entered", who)).toMatchObject([
    {
      aggregate: { kind: "visitor", id: idOf(who), version: 1 },
      data: { id, userId: idOf(who), campaignId: "support", entered: [entry], enteredVersion: 1 },
    },
  ]);
});

test("F077: entering twice in one session is as once, by number, too", async () => {
  const { aKept, enter, inside } = await start();
  const who = present();
  const { id, number } = await aKept();
  const first = await enter(id, who);

  const second = await enter(String(number), who);

  expect(second).toEqual(first);
  expect(await inside(id, who)).toEqual([idOf(who)]);
  expect(await told("cases.entered", who)).toHaveLength(1);
});

test("F077: of many enterings at once one counts, also the very first of a user", async () => {
  const { aKept, enter } = await start();
  const who = present();
  const { id } = await aKept();

  const all = await Promise.all(Array.from({ length: 6 }, () => enter(id, who)));

  expect(all.map(({ version }) => version)).toEqual([2, 2, 2, 2, 2, 2]);
  expect(await told("cases.entered", who)).toHaveLength(1);
});

test.each([
  ["open", "open"],
  ["escalated", "escalated"],
  ["transferred", "transferred"],
] as const)("G01: a case that is %s is %s after somebody else entered", async (status, after) => {
  const { aKept, enter } = await start();
  const { id } = await aKept({ status, assigneeId: newId() });

  expect(await enter(id, present())).toMatchObject({ status: after, version: 1 });
});

test("G01: a transferred case is open when the new assignee enters", async () => {
  const { aKept, enter } = await start();
  const [who, other] = [present(), present("supervisor")];
  const { id } = await aKept({ status: "transferred", assigneeId: idOf(who) });

  const looked = await start({ scope: { as: "supervisor" } });
  expect(await looked.enter(id, other)).toMatchObject({ status: "transferred" });
  expect(await enter(id, who)).toMatchObject({ status: "open", version: 2 });
});

test("B13: who is in a case is told by name, the first first", async () => {
  const names = new Map<string, string>();
  const identity = standIn("identity", {
    noteEntered: () => undefined,
    namesOf: ({ params: { ids } }) =>
      ids.flatMap((id) => {
        const name = names.get(id);
        return name ? [{ id, name, role: "agent" as const, disabled: false }] : [];
      }),
  });
  const { bus, aKept, enter } = await start({ others: [identity] });
  const [ada, bo, gone] = [present(), present(), present()];
  names.set(idOf(ada), "Ada").set(idOf(bo), "Bo");
  const { id } = await aKept();
  for (const who of [bo, gone, ada]) await enter(id, who);

  const { items } = await bus.call("cases.presence", { id }, ada);

  expect(items.map(({ userId, name }) => [userId, name])).toEqual([
    [idOf(bo), "Bo"],
    [idOf(gone), undefined],
    [idOf(ada), "Ada"],
  ]);
  expect(items[0]?.since).toEqual(expect.any(Date));
});

test("D11: identity is told at once what the user is in", async () => {
  const noted: object[] = [];
  const identity = standIn("identity", { noteEntered: ({ params }) => void noted.push(params) });
  const { aKept, enter, exit } = await start({ others: [identity] });
  const who = present();
  const { id } = await aKept();

  await enter(id, who);
  await exit(id, who);

  const entered = [{ caseId: id, sessionId: sessionOf(who) }];
  expect(noted).toEqual([
    { userId: idOf(who), entered, enteredVersion: 1 },
    { userId: idOf(who), entered: [], enteredVersion: 2 },
  ]);
});

test("G19: neighbours are told how many open cases each user has", async () => {
  const { bus, aKept } = await start();
  const [ada, bo, cy] = [newId(), newId(), newId()];
  await aKept({ assigneeId: ada, status: "new" });
  await aKept({ assigneeId: ada, status: "escalated" });
  await aKept({ assigneeId: ada, status: "closed" });
  await aKept({ assigneeId: ada, campaignId: "sales" });
  await aKept({ assigneeId: bo, campaignId: "sales" });
  await aKept();
  const ask = async (more: object = {}) => {
    const found = await bus.call("cases.workloadsOf", { userIds: [ada, bo, cy], ...more });
    return new Map(found.map(({ userId, openCases }) => [userId, openCases]));
  };

  expect(await ask()).toEqual(
    new Map([
      [ada, 3],
      [bo, 1],
    ]),
  );
  expect(await ask({ campaignIds: ["support"] })).toEqual(new Map([[ada, 2]]));
  expect(await ask({ campaignIds: [] })).toEqual(new Map());
  expect(await ask({ userIds: [] })).toEqual(new Map());
});
