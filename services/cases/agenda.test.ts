/** Agendas: whose next actions are seen by whom, what overlaps, and when one is over. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";
import { aScope } from "./creation.samples.ts";
import { handOver } from "./assigning.store.ts";
import { write } from "#shared/mongo/write.ts";
import { start as startWithForm } from "./activities.samples.ts";
import { idOf } from "./presence.samples.ts";
import type { Case } from "#shared/contracts/cases.ts";

const at = (clock: string, day = "2027-07-01") => new Date(`${day}T${clock}:00Z`);

/** The cases service; who has a part in which campaign is said by user id. */
async function start(parts: Record<string, ReturnType<typeof aScope>[]> = {}) {
  const campaigns = standIn("campaigns", { scopesOf: ({ params }) => parts[params.userId] ?? [] });
  const bus = await startBus(cases, campaigns);
  const planned = async (assigneeId: string, nextActionAt: Date, said: Partial<Case> = {}) =>
    (
      await keep(
        aCase({ campaignId: "support", status: "open", assigneeId, nextActionAt, ...said }),
      )
    )[0] as Case;
  return { bus, planned };
}

const agentAnd = () => {
  const [agent, supervisor, stranger] = [as("agent"), as("supervisor"), as("agent")];
  const parts = {
    [idOf(agent)]: [aScope("support"), aScope("sales")],
    [idOf(supervisor)]: [aScope("support", "supervisor")],
    [idOf(stranger)]: [aScope("support")],
  };
  return { agent, supervisor, stranger, parts };
};

test("F174, F178: one's own agenda has the next actions of one's open cases, the earliest first, in pages", async () => {
  const { agent, parts } = agentAnd();
  const { bus, planned } = await start(parts);
  const me = idOf(agent);
  const [late, early, middle] = [
    await planned(me, at("16:00"), { subject: "Invoice" }),
    await planned(me, at("09:00")),
    await planned(me, at("12:00")),
  ];
  await planned(me, at("10:00"), { status: "closed" });
  await planned(newId(), at("10:00"));
  await keep(aCase({ campaignId: "support", assigneeId: me }));

  const first = await bus.call("cases.listAgenda", { limit: 2, count: true }, agent);
  const cursor = String(first.nextCursor);
  const second = await bus.call("cases.listAgenda", { limit: 2, cursor }, agent);

  expect(first.total).toBe(3);
  expect(second.nextCursor).toBeNull();
  const all = [...first.items, ...second.items];
  expect(all.map((item) => item.case?.id)).toEqual([early.id, middle.id, late.id]);
  expect(second.items).toEqual([
    {
      at: at("16:00"),
      endsAt: at("16:30"),
      overlaps: 0,
      case: {
        ...{ id: late.id, number: late.number, campaignId: "support", status: "open" },
        ...{ priority: "medium", subject: "Invoice" },
      },
    },
  ]);
});

test("F178: what lies less than half an hour apart overlaps, also across pages and the asked times", async () => {
  const { agent, parts } = agentAnd();
  const { bus, planned } = await start(parts);
  for (const clock of ["09:00", "09:29", "09:59", "10:20"]) await planned(idOf(agent), at(clock));
  const overlapsOf = async (asked: object) =>
    (await bus.call("cases.listAgenda", asked, agent)).items.map(({ overlaps }) => overlaps);

  expect(await overlapsOf({})).toEqual([1, 1, 1, 1]);
  expect(await overlapsOf({ limit: 1 })).toEqual([1]);
  expect(await overlapsOf({ from: at("09:59"), to: at("10:20") })).toEqual([1]);
  expect(await overlapsOf({ from: at("10:21") })).toEqual([]);
});

test("F178: who sees a case sees when its assignee is taken, and of others' cases only that", async () => {
  const { agent, stranger, parts } = agentAnd();
  const seesAll = { ...aScope("support"), agentsSeeAllCases: true };
  const { bus, planned } = await start({ ...parts, [idOf(stranger)]: [seesAll] });
  const shared = await planned(idOf(agent), at("09:00"));
  await planned(idOf(agent), at("11:00"), { campaignId: "sales", subject: "Secret" });
  const [free] = await keep(aCase({ campaignId: "support" }));

  const seen = await bus.call("cases.listAgenda", { caseId: String(shared.number) }, stranger);
  const nobody = await bus.call(
    "cases.listAgenda",
    { caseId: String(free?.id), count: true },
    stranger,
  );

  expect(seen.items).toMatchObject([{ case: { id: shared.id } }, { at: at("11:00") }]);
  expect(seen.items[1]).not.toHaveProperty("case");
  expect(nobody).toEqual({ items: [], nextCursor: null, total: 0 });
});

test("F178: supervisors see the agendas of their campaigns' agents, administrators all, agents their own", async () => {
  const { agent, supervisor, stranger, parts } = agentAnd();
  const { bus, planned } = await start(parts);
  const userId = idOf(agent);
  const mine = await planned(userId, at("09:00"));
  await planned(userId, at("11:00"), { campaignId: "sales" });
  const ask = (who: ReturnType<typeof as>, whose = userId) =>
    bus.call("cases.listAgenda", { userId: whose }, who);

  const supervised = await ask(supervisor);
  expect(supervised.items.map((item) => item.case?.id)).toEqual([mine.id, undefined]);
  const administered = await ask(as("administrator"));
  expect(administered.items.every((item) => item.case)).toBe(true);
  for (const [who, whose] of [
    [stranger, userId],
    [supervisor, newId()],
    [supervisor, "nobody-there"],
    [as("supervisor"), userId],
  ] as const) {
    await expect(ask(who, whose)).rejects.toMatchObject({ code: 404, data: { what: "agenda" } });
  }
});

test("F178: an agenda is asked for by user or by case, and of times in order", async () => {
  const { bus } = await start();
  const ask = (asked: object) => bus.call("cases.listAgenda", asked, as("administrator"));

  await expect(ask({ userId: "one", caseId: "two" })).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "caseId", code: "together" }] },
  });
  await expect(ask({ from: at("10:00"), to: at("10:00") })).rejects.toMatchObject({
    data: { errors: [{ path: "to", code: "order" }] },
  });
  await expect(ask({ caseId: newId() })).rejects.toMatchObject({ code: 404 });
  await expect(ask({ cursor: "xx" })).rejects.toMatchObject({
    data: { errors: [{ path: "cursor" }] },
  });
});

test("F174: a next action moves with its case, and is over once a later activity says so", async () => {
  const { bus, aKept } = await startWithForm();
  const [one, other] = [as("agent"), as("agent")];
  const { id } = await aKept({ status: "open", assigneeId: idOf(one) });
  const count = async (who: typeof one) =>
    (await bus.call("cases.listAgenda", {}, who)).items.length;
  const answers = { nextActionDate: "2027-07-01", nextActionTime: "10:00" };
  await bus.call("cases.saveActivity", { id, answers }, one);
  expect([await count(one), await count(other)]).toEqual([1, 0]);

  const kase = await bus.call("cases.get", { id }, one);
  const handover = { kase, assigneeId: idOf(other), how: "route" as const };
  await write("cases", one, (tx) => handOver(tx, [handover], { at: new Date(), by: "system" }));
  expect([await count(one), await count(other)]).toEqual([0, 1]);

  await bus.call("cases.saveActivity", { id, answers: { observations: "Done" } }, other);
  expect([await count(one), await count(other)]).toEqual([0, 0]);
});
