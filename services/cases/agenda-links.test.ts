/** Secret links to an agenda: made, listed, revoked, and what calendars read by them. */
import { expect, test } from "@jest/globals";
import type { ServiceSchema } from "moleculer";
import type { Case } from "#shared/contracts/cases.ts";
import type { Refusal } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCase, keep } from "./a-case.ts";
import { calendarOf } from "./agenda-links.rules.ts";
import type { Planned } from "./agenda.rules.ts";
import cases from "./cases.service.ts";
import { aScope } from "./creation.samples.ts";
import { idOf } from "./presence.samples.ts";

const soon = () => new Date(Date.now() + 3_600_000);

async function start() {
  const user = { role: "agent" as const, disabled: false };
  const state = { user: user as typeof user | undefined, scopes: [aScope("support")] };
  const me = { email: "ada@example.com", name: "Ada", version: 1, permissions: [] };
  const identity: ServiceSchema = standIn("identity", {
    me: ({ meta }) => ({
      ...{ ...me, ...user, id: String(meta.actor?.id), language: "es" as const },
      ...{ createdAt: new Date(), updatedAt: new Date() },
    }),
    namesOf: ({ params: { ids } }) =>
      ids.flatMap((id) => (state.user ? [{ id, name: "Ada", ...state.user }] : [])),
  });
  const campaigns = standIn("campaigns", { scopesOf: () => state.scopes });
  const bus = await startBus(cases, identity, campaigns);
  const planned = async (assigneeId: string, said: Partial<Case> = {}) => {
    const kase = aCase({ campaignId: "support", assigneeId, nextActionAt: soon(), ...said });
    await keep(kase);
    return kase;
  };
  const make = (who: ReturnType<typeof as>, asked: { showSubjects?: boolean } = {}) =>
    bus.call("cases.createAgendaLink", asked, who);
  const read = async (url: string) => {
    const token = String(url.split("/").at(-1));
    return (await bus.call("cases.agendaFeed", { token })).calendar.replaceAll("\r\n ", "");
  };
  return { bus, state, planned, make, read };
}

test("F178: a link shows a calendar what its maker has planned: numbers, and subjects only where asked for", async () => {
  const { planned, make, read } = await start();
  const who = as("agent");
  const said = { subject: "Ada's divorce", customerName: "Ada Lovelace", description: "Private" };
  const kase = await planned(idOf(who), said);
  const foreign = await planned(idOf(who), { campaignId: "left" });
  await planned(newId());

  const { url } = await make(who);
  const calendar = await read(url);
  const told = await read((await make(who, { showSubjects: true })).url);

  expect(url).toMatch(/\/api\/v1\/agenda-feeds\/[\w-]{43}$/);
  expect(calendar.match(/SUMMARY:.*/g)).toEqual([`SUMMARY:Caso ${String(kase.number)}`]);
  expect(calendar).toContain(`UID:${kase.id}@casewire`);
  expect(calendar).not.toMatch(/Ada|Lovelace|Private|divorce/);
  expect(calendar).not.toContain(String(foreign.number));
  expect(told).toContain(`SUMMARY:Caso ${String(kase.number)}: Ada's divorce`);
  expect(told).not.toMatch(/Lovelace|Private/);
});

test("F178: an unknown, a revoked and a disabled user's link are 404, all alike", async () => {
  const { bus, state, make, read } = await start();
  const who = as("agent");
  const revoked = await make(who);
  const own = await make(who);
  await bus.call("cases.revokeAgendaLink", { id: revoked.id }, who);
  const refusalOf = (url: string) =>
    read(url).catch((error: unknown) => {
      const { code, type, message, data } = error as Refusal;
      return { code, type, message, data };
    });

  const unknown = await refusalOf("/nothing-of-the-kind");
  expect(unknown).toMatchObject({ code: 404, type: "NOT_FOUND" });
  expect(await refusalOf(revoked.url)).toEqual(unknown);
  expect(await refusalOf("/…")).toEqual(unknown);
  expect(await read(own.url)).toContain("BEGIN:VCALENDAR");
  state.user = { role: "agent", disabled: true };
  expect(await refusalOf(own.url)).toEqual(unknown);
  state.user = undefined;
  expect(await refusalOf(own.url)).toEqual(unknown);
});

test("F178, G04: a calendar shows what its maker may see now", async () => {
  const { state, planned, make, read } = await start();
  const who = as("agent");
  await planned(idOf(who));
  const { url } = await make(who);
  expect(await read(url)).toContain("BEGIN:VEVENT");

  state.scopes = [];

  expect(await read(url)).not.toContain("BEGIN:VEVENT");
});

test("F178, D18: links are listed without their secrets, five for each user, and told of", async () => {
  const { bus, make } = await start();
  const [who, other] = [as("agent"), as("supervisor")];
  const made = [];
  for (let count = 0; count < 5; count += 1) made.push(await make(who));

  await expect(make(who)).rejects.toMatchObject({ code: 409, type: "TOO_MANY_LINKS" });
  const { items } = await bus.call("cases.listAgendaLinks", {}, who);
  expect(items.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
  expect(Object.keys(items[0] ?? {}).sort()).toEqual([
    ...["createdAt", "id", "language", "showSubjects"],
  ]);
  const foreign = bus.call("cases.revokeAgendaLink", { id: String(made[0]?.id) }, other);
  await expect(foreign).rejects.toMatchObject({ code: 404 });
  await bus.call("cases.revokeAgendaLink", { id: String(made[0]?.id) }, who);
  await make(who);
  const events = [
    ...(await announced("cases", "cases.agendaLinkCreated")),
    ...(await announced("cases", "cases.agendaLinkRevoked")),
  ].filter(({ data }) => data.userId === idOf(who));
  expect(events).toHaveLength(7);
  expect(JSON.stringify(events)).not.toContain("agenda-feeds");
});

test("B01: a repeated command makes no second link, and its secret is not shown again", async () => {
  const { bus } = await start();
  const who = as("agent");
  const command = { meta: { ...who.meta, commandId: newId() } };
  await bus.call("cases.createAgendaLink", {}, command);

  const again = bus.call("cases.createAgendaLink", {}, command);

  await expect(again).rejects.toMatchObject({ code: 409, type: "LINK_SHOWN" });
  expect((await bus.call("cases.listAgendaLinks", {}, who)).items).toHaveLength(1);
});

test("F178: the calendar is written as RFC 5545 says: escaped, folded, in UTC", () => {
  const subject = `Pay; now, "Ada" \\ ${"ñandú🙂".repeat(30)}\nBEGIN:VALARM`;
  const nextActionAt = new Date("2027-07-01T15:30:00Z");
  const kase = aCase({ nextActionAt, subject, updatedAt: new Date("2027-06-01T08:00:00Z") });

  const text = calendarOf([kase as Planned], { showSubjects: true, language: "en" }, 30 * 60_000);

  const lines = text.split("\r\n");
  expect(text).not.toMatch(/[^\r]\n/);
  for (const one of lines) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(75);
  const unfolded = text.replaceAll("\r\n ", "").split("\r\n");
  expect(unfolded.slice(0, 2)).toEqual(["BEGIN:VCALENDAR", "VERSION:2.0"]);
  expect(unfolded.filter((one) => one.startsWith("BEGIN:"))).toEqual([
    ...["BEGIN:VCALENDAR", "BEGIN:VEVENT"],
  ]);
  expect(unfolded).toEqual(
    expect.arrayContaining([
      `UID:${kase.id}@casewire`,
      "DTSTAMP:20270601T080000Z",
      "DTSTART:20270701T153000Z",
      "DTEND:20270701T160000Z",
      String.raw`SUMMARY:Case ${String(kase.number)}: Pay\; now\, "Ada" \\ ${"ñandú🙂".repeat(30)}\nBEGIN:VALARM`,
    ]),
  );
});
