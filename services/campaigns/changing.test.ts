/** Campaigns changed and listed on a real database. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { namesOf, refusedAt } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");

const start = () => startBus(campaigns, standIn("identity", { namesOf }));
const aName = () => `Campaign ${newId()}`;

type Bus = Awaited<ReturnType<typeof start>>;
const aCampaign = (bus: Bus, more: object = {}) =>
  bus.call("campaigns.create", { name: aName(), ...more }, administrator);

test("G05: changing a campaign changes what is named and tells old and new", async () => {
  const bus = await start();
  const { id } = await aCampaign(bus, { startsAt: "2026-03-01T00:00:00Z" });

  const changed = await bus.call(
    "campaigns.change",
    { id, version: 1, enabled: false, startsAt: null },
    administrator,
  );

  expect(changed).toMatchObject({
    id,
    version: 2,
    enabled: false,
    startsAt: null,
    timeZone: "UTC",
  });
  const [event] = (await announced("campaigns", "campaigns.changed")).filter(
    (one) => one.data.id === id,
  );
  expect(event).toMatchObject({
    aggregate: { version: 2 },
    data: { id, enabled: false },
    changes: expect.arrayContaining([
      { field: "enabled", old: true, new: false },
      { field: "startsAt", old: new Date("2026-03-01T00:00:00Z"), new: null },
    ]),
  });
  expect(event?.changes).toHaveLength(2);
});

test("G05: a change that changes nothing leaves version and events as they are", async () => {
  const bus = await start();
  const { id, name } = await aCampaign(bus);

  const same = await bus.call("campaigns.change", { id, version: 1, name }, administrator);

  expect(same.version).toBe(1);
  const events = await announced("campaigns", "campaigns.changed");
  expect(events.filter(({ data }) => data.id === id)).toEqual([]);
});

test("F063: case types are renamed by id, added without one, and removed when left out", async () => {
  const bus = await start();
  const { id, caseTypes } = await aCampaign(bus, {
    caseTypes: [{ name: "Outage" }, { name: "Bill" }],
  });
  const [outage] = caseTypes;

  const changed = await bus.call(
    "campaigns.change",
    { id, version: 1, caseTypes: [{ name: "Moving" }, { id: outage!.id, name: "Failure" }] },
    administrator,
  );

  expect(changed.caseTypes).toEqual([
    { id: expect.any(String), name: "Moving" },
    { id: outage!.id, name: "Failure" },
  ]);
});

test("F063: case types of another campaign, or the same twice, are refused by place", async () => {
  const bus = await start();
  const { id, caseTypes } = await aCampaign(bus);
  const own = caseTypes[0]!.id;
  const change = (types: { id?: string; name: string }[]) =>
    bus.call("campaigns.change", { id, version: 1, caseTypes: types }, administrator);

  await expect(change([{ id: "strange", name: "A" }])).rejects.toMatchObject(
    refusedAt("caseTypes[0].id"),
  );
  await expect(
    change([
      { id: own, name: "A" },
      { id: own, name: "B" },
    ]),
  ).rejects.toMatchObject(refusedAt("caseTypes[1].id"));
  await expect(change([{ name: "A" }, { name: "a" }])).rejects.toMatchObject(
    refusedAt("caseTypes[1].name"),
  );
});

test("G05: a change is refused like a start: zone, period and responsible user", async () => {
  const bus = await start();
  const { id } = await aCampaign(bus, { startsAt: "2026-03-01T00:00:00Z" });
  const change = (patch: object) =>
    bus.call("campaigns.change", { id, version: 1, ...patch }, administrator);

  await expect(change({ endsAt: "2026-02-01T00:00:00Z" })).rejects.toMatchObject(
    refusedAt("endsAt"),
  );
  await expect(change({ timeZone: "Nowhere" })).rejects.toMatchObject(refusedAt("timeZone"));
  await expect(change({ responsibleUserId: "nobody" })).rejects.toMatchObject(
    refusedAt("responsibleUserId"),
  );
});

test("G05: a change by a version that is no longer the latest is refused", async () => {
  const bus = await start();
  const { id } = await aCampaign(bus);
  await bus.call("campaigns.change", { id, version: 1, enabled: false }, administrator);

  const late = bus.call("campaigns.change", { id, version: 1, enabled: true }, administrator);

  await expect(late).rejects.toMatchObject({ code: 412, type: "STALE_VERSION" });
});

test("F195: there is no changing or reading a campaign that there is not", async () => {
  const bus = await start();
  const missing = { code: 404, type: "NOT_FOUND" };

  await expect(
    bus.call("campaigns.change", { id: "none", version: 1 }, administrator),
  ).rejects.toMatchObject(missing);
  await expect(bus.call("campaigns.get", { id: "none" }, administrator)).rejects.toMatchObject(
    missing,
  );
  await expect(bus.call("campaigns.describe", { id: "none" })).rejects.toMatchObject(missing);
});

test("F195: campaigns are listed by name in pages, and found by part of it", async () => {
  const bus = await start();
  const word = newId();
  for (const name of ["Zürich", "álamo", "Bogotá"])
    await aCampaign(bus, { name: `${name} ${word}` });
  await aCampaign(bus, { name: `Closed ${word}`, enabled: false });
  const list = (more: object) => bus.call("campaigns.list", { q: word, ...more }, administrator);
  const names = ({ items }: { items: { name: string }[] }) =>
    items.map(({ name }) => name.split(" ")[0]);

  const first = await list({ limit: 2, count: true, enabled: true });
  const second = await list({ limit: 2, cursor: first.nextCursor, enabled: true });

  expect(names(first)).toEqual(["álamo", "Bogotá"]);
  expect(first.total).toBe(3);
  expect(names(second)).toEqual(["Zürich"]);
  expect(second.nextCursor).toBeNull();
  expect(names(await list({ enabled: false }))).toEqual(["Closed"]);
  expect(names(await list({ q: `BOGOTA ${word}` }))).toEqual(["Bogotá"]);
  expect(names(await list({ q: `.* ${word}` }))).toEqual([]);
});
