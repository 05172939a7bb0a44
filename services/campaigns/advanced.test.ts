/** The advanced configuration of a campaign: calendar, required fields, external view (F204). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import { refusedAt } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");

async function start() {
  const bus = await startBus(campaigns);
  const create = (more: object = {}) =>
    bus.call("campaigns.create", { name: newId(), ...more }, administrator);
  const { id } = await create();
  const change = (patch: object, version = 1) =>
    bus.call("campaigns.change", { id, version, ...patch }, administrator);
  const version = async () => (await bus.call("campaigns.describe", { id })).version;
  return { bus, id, create, change, version };
}

const monday = { weekday: "monday", from: "08:00", to: "18:00", breaks: [] };

test("D07, D17: a campaign starts with usual required fields, and shows nothing personal outside", async () => {
  const { create } = await start();

  const campaign = await create();

  expect(campaign).toMatchObject({
    requiredCustomerFields: ["documentType", "documentNumber", "firstName", "lastName"],
    externalView: {
      customer: { shown: false, fields: [] },
      case: {
        shown: true,
        fields: ["number", "status", "type", "createdAt", "updatedAt", "closedAt"],
      },
      activities: { shown: true, fields: ["at", "disposition", "nextActionAt"] },
    },
    calendar: { hours: [], holidays: [] },
    archived: false,
  });
});

test("F204: what is sent at the start stands beside the usual", async () => {
  const { create } = await start();
  const customer = { shown: true, fields: ["firstName"] };

  const campaign = await create({
    externalView: { customer },
    requiredCustomerFields: ["contactPoints"],
  });

  expect(campaign.externalView).toMatchObject({ customer, case: { shown: true } });
  expect(campaign.requiredCustomerFields).toEqual(["contactPoints"]);
});

test("F192, D17: of the external view each section is replaced by itself", async () => {
  const { id, change } = await start();

  const changed = await change({ externalView: { case: { shown: false } } });

  expect(changed.externalView).toMatchObject({
    case: { shown: false, fields: [] },
    activities: { shown: true },
  });
  const events = await announced("campaigns", "campaigns.changed");
  expect(events.find(({ data }) => data.id === id)?.changes).toContainEqual({
    field: "externalView.case.shown",
    old: true,
    new: false,
  });
});

test("F204: a calendar has hours with breaks, in several parts of a day, and holidays", async () => {
  const { change } = await start();
  const calendar = {
    hours: [
      {
        ...monday,
        breaks: [
          { from: "12:00", to: "13:00" },
          { from: "16:00", to: "16:15" },
        ],
      },
      { ...monday, from: "18:00", to: "24:00" },
      { ...monday, weekday: "tuesday", from: "00:00" },
    ],
    holidays: [{ day: "2026-12-25", name: "Christmas" }, { day: "2027-01-01" }],
  };

  const changed = await change({ calendar, timeZone: "America/Bogota" });

  expect(changed.calendar).toEqual(calendar);
});

const pause = (from: string, to: string) => ({ from, to });
const bad: [string, object, string[]][] = [
  ["overlapping hours", { hours: [monday, { ...monday, from: "17:59" }] }, ["calendar.hours[1]"]],
  ["the same hours twice", { hours: [monday, monday] }, ["calendar.hours[1]"]],
  ["hours backwards", { hours: [{ ...monday, to: "08:00" }] }, ["calendar.hours[0].to"]],
  ["no time", { hours: [{ ...monday, to: "24:30" }] }, ["calendar.hours[0].to"]],
  ["no weekday", { hours: [{ ...monday, weekday: "noday" }] }, ["calendar.hours[0].weekday"]],
  [
    "a break outside the hours",
    { hours: [{ ...monday, breaks: [pause("07:00", "09:00")] }] },
    ["calendar.hours[0].breaks[0]"],
  ],
  [
    "a break backwards",
    { hours: [{ ...monday, breaks: [pause("13:00", "12:00")] }] },
    ["calendar.hours[0].breaks[0].to"],
  ],
  [
    "overlapping breaks",
    { hours: [{ ...monday, breaks: [pause("12:00", "13:00"), pause("12:30", "14:00")] }] },
    ["calendar.hours[0].breaks[1]"],
  ],
  ["no day", { holidays: [{ day: "2026-02-30" }] }, ["calendar.holidays[0].day"]],
  [
    "a holiday twice",
    { holidays: [{ day: "2026-12-25" }, { day: "2026-12-25" }] },
    ["calendar.holidays[1].day"],
  ],
];

test.each(bad)(
  "F204: a calendar with %s is refused, nothing of it kept",
  async (_what, calendar, paths) => {
    const { create, change, version } = await start();

    await expect(change({ enabled: false, calendar })).rejects.toMatchObject(refusedAt(...paths));
    await expect(create({ calendar })).rejects.toMatchObject(refusedAt(...paths));

    expect(await version()).toBe(1);
  },
);

test.each([
  [{ timeZone: "Mars/Olympus" }, "timeZone"],
  [{ requiredCustomerFields: ["firstName", "firstName"] }, "requiredCustomerFields[1]"],
  [{ requiredCustomerFields: ["notes"] }, "requiredCustomerFields[0]"],
  [{ retentionDays: 0 }, "retentionDays"],
  [{ retentionDays: 36_501 }, "retentionDays"],
  [{ externalView: { case: { shown: true, fields: ["notes"] } } }, "externalView.case.fields[0]"],
  [
    { externalView: { customer: { shown: true, fields: ["gender", "gender"] } } },
    "externalView.customer.fields[1]",
  ],
  [{ externalView: { notes: { shown: true } } }, "externalView.notes"],
])("F204: %j is refused by field, nothing of it kept", async (patch, path) => {
  const { change, version } = await start();

  await expect(change({ description: "New", ...patch })).rejects.toMatchObject(refusedAt(path));

  expect(await version()).toBe(1);
});

test("G05: all that is wrong with a campaign is told at once", async () => {
  const { create } = await start();

  const refused = create({
    timeZone: "Nowhere",
    calendar: { hours: [monday, monday] },
    requiredCustomerFields: ["gender", "gender"],
  });

  await expect(refused).rejects.toMatchObject(
    refusedAt("timeZone", "requiredCustomerFields[1]", "calendar.hours[1]"),
  );
});
