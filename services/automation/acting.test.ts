import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { announced } from "#shared/testing/bus.ts";
import { aRule, created, loggedOf, start } from "./automation.samples.ts";

let bus: Broker;
let world: Awaited<ReturnType<typeof start>>["world"];
let aKept: Awaited<ReturnType<typeof start>>["aKept"];
beforeEach(async () => {
  ({ bus, world, aKept } = await start());
});

const deedsOf = ({ id }: Case) => world.deeds.filter(({ params }) => params["id"] === id);

test("G12: a case that is so already is left alone, and what is refused says why", async () => {
  await aRule(bus, {
    actions: [
      { kind: "setPriority", priority: "medium" },
      { kind: "assign", assigneeId: "bo" },
      { kind: "notify", to: "supervisors", message: "Look" },
    ],
  });
  world.supervisorIds = [];
  const kase = aKept({ assigneeId: "bo" });

  await created(kase);
  const [entry] = await loggedOf(bus, kase);

  expect(entry?.actions).toMatchObject([
    { state: "unneeded" },
    { state: "unneeded" },
    { state: "refused", code: "NOBODY" },
  ]);
  expect(deedsOf(kase)).toEqual([]);
});

test("G12: a rule hands cases on, in its own name", async () => {
  await aRule(bus, {
    actions: [
      { kind: "moveToCampaign", campaignId: "sales" },
      { kind: "assign", assigneeId: null },
    ],
  });
  const kase = aKept({ assigneeId: "bo" });

  await created(kase);
  await loggedOf(bus, kase);

  expect(deedsOf(kase).map(({ action, params }) => [action, params])).toEqual([
    ["transfer", { id: kase.id, campaignId: "sales" }],
    ["transfer", { id: kase.id, assigneeId: null }],
  ]);
});

test("G12: users are told in the app and by e-mail, as the case is then", async () => {
  await aRule(bus, {
    actions: [
      { kind: "notify", to: "users", userIds: ["cleo", "dan"], message: "Look" },
      { kind: "sendEmail", to: "assignee", subject: "Urgent", text: "Please look." },
    ],
  });
  const kase = aKept({ assigneeId: "bo" });

  await created(kase);
  const [entry] = await loggedOf(bus, kase);

  const notified = await announced("automation", "automation.notified");
  const mailed = await announced("automation", "automation.mailRequested");
  const of = <T extends { data: { caseId: string } }>(all: T[]) =>
    all.filter(({ data }) => data.caseId === kase.id);
  expect(of(notified).map(({ data }) => [data.userId, data.message])).toEqual([
    ["cleo", "Look"],
    ["dan", "Look"],
  ]);
  expect(of(mailed).map(({ data }) => [data.userId, data.place])).toEqual([["bo", 1]]);
  const asked = { executionId: entry!.id, place: 1 };
  expect(await bus.call("automation.composeMail", asked)).toEqual({
    ...{ subject: "Urgent", text: "Please look." },
  });
  expect(await bus.call("automation.composeMail", { ...asked, place: 0 })).toBeNull();
});
