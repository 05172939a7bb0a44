/** New campaigns on a real database: with what they start and what they cannot be. */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { namesOf, refusedAt, rosa } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");

const start = () => startBus(campaigns, standIn("identity", { namesOf }));
const aName = () => `Campaign ${newId()}`;

type Bus = Awaited<ReturnType<typeof start>>;
const aCampaign = (bus: Bus, more: object = {}) =>
  bus.call("campaigns.create", { name: aName(), ...more }, administrator);

test("D06: a campaign starts with the default options", async () => {
  const bus = await start();

  const { options } = await aCampaign(bus);

  expect(options).toEqual({
    allowCaseMerge: true,
    allowTranscript: true,
    allowUserTransfer: true,
    allowCampaignTransfer: true,
    notifyTransferByEmail: true,
    fallbackToFirstAvailable: true,
    queueAssignment: true,
    allowCloseWithoutActivity: true,
    allowCloseWithIncompleteCustomer: true,
    prefillActivityForm: false,
    agentsSeeAllCases: false,
    allowOtherContactPoints: false,
    onlyAssignedChannels: false,
    showOtherCampaigns: false,
    allowAgentBulkClose: false,
    allowCallsWhileBusy: false,
    linkedCallQueues: [],
    capacity: 50,
  });
});

test("G05: a campaign has the basics that it was given, and sensible ones otherwise", async () => {
  const bus = await start();
  const given = {
    description: "Calls of spring",
    startsAt: "2026-03-01T00:00:00Z",
    endsAt: "2026-06-01T00:00:00Z",
    responsibleUserId: rosa.id,
    timeZone: "America/Bogota",
    language: "es",
    enabled: false,
    routingStrategy: "leastOccupied",
  };

  const full = await aCampaign(bus, given);
  const bare = await aCampaign(bus);

  expect(full).toMatchObject({
    ...given,
    startsAt: new Date(given.startsAt),
    endsAt: new Date(given.endsAt),
  });
  expect(bare).toMatchObject({
    description: "",
    timeZone: "UTC",
    language: "en",
    enabled: true,
    routingStrategy: "roundRobin",
    channelIds: [],
    agents: [],
    supervisorIds: [],
    version: 1,
    createdBy: administrator.meta.actor?.id,
  });
});

test.each([
  ["en", ["Question", "Complaint", "Suggestion", "Claim"]],
  ["es", ["Pregunta", "Queja", "Sugerencia", "Reclamo"]],
])(
  "F063: without case types a campaign has the usual ones, in its language: %s",
  async (language, names) => {
    const bus = await start();

    const { caseTypes } = await aCampaign(bus, { language });

    expect(caseTypes.map(({ name }) => name)).toEqual(names);
    expect(new Set(caseTypes.map(({ id }) => id)).size).toBe(4);
  },
);

test("F063: a campaign may start with case types of its own", async () => {
  const bus = await start();

  const { caseTypes } = await aCampaign(bus, { caseTypes: [{ name: "Outage" }] });

  expect(caseTypes).toEqual([{ id: expect.any(String), name: "Outage" }]);
});

test("F209: options given at the start are kept beside the defaults", async () => {
  const bus = await start();
  const linked = await aCampaign(bus);

  const { options } = await aCampaign(bus, {
    options: { allowTranscript: false, linkedCallQueues: [linked.id] },
  });

  expect(options).toMatchObject({
    allowTranscript: false,
    allowCaseMerge: true,
    linkedCallQueues: [linked.id],
  });
});

test("G05: what a campaign cannot be is refused by field", async () => {
  const bus = await start();

  const period = { startsAt: "2026-03-01T00:00:00Z", endsAt: "2026-03-01T00:00:00Z" };
  await expect(aCampaign(bus, { timeZone: "Mars/Olympus" })).rejects.toMatchObject(
    refusedAt("timeZone"),
  );
  await expect(aCampaign(bus, { timeZone: "+05" })).rejects.toMatchObject(refusedAt("timeZone"));
  await expect(aCampaign(bus, period)).rejects.toMatchObject(refusedAt("endsAt"));
  await expect(aCampaign(bus, { responsibleUserId: "nobody" })).rejects.toMatchObject(
    refusedAt("responsibleUserId"),
  );
  await expect(
    aCampaign(bus, { caseTypes: [{ name: "Outage" }, { name: "óutage" }] }),
  ).rejects.toMatchObject(refusedAt("caseTypes[1].name"));
  await expect(aCampaign(bus, { options: { linkedCallQueues: ["none"] } })).rejects.toMatchObject(
    refusedAt("options.linkedCallQueues[0]"),
  );
  await expect(aCampaign(bus, { name: " " })).rejects.toMatchObject(refusedAt("name"));
});

test("F195: two campaigns never have the same name, accents and case aside", async () => {
  const bus = await start();
  const name = aName();
  const { id } = await aCampaign(bus, { name: `${name} Atención` });
  const other = await aCampaign(bus);

  const again = aCampaign(bus, { name: `${name.toUpperCase()}  atencion` });
  await expect(again).rejects.toMatchObject({
    code: 409,
    type: "CAMPAIGN_EXISTS",
    data: { existingId: id },
  });
  const renamed = bus.call(
    "campaigns.change",
    { id: other.id, version: 1, name: `${name} ATENCION` },
    administrator,
  );
  await expect(renamed).rejects.toMatchObject({
    type: "CAMPAIGN_EXISTS",
    data: { existingId: id },
  });
});

test("F195: of many who create the same campaign at once one succeeds", async () => {
  const bus = await start();
  const name = aName();

  const answers = await Promise.allSettled(
    Array.from({ length: 8 }, () => aCampaign(bus, { name })),
  );

  const made = answers.filter(({ status }) => status === "fulfilled");
  const refused = answers.filter(({ status }) => status === "rejected");
  expect(made).toHaveLength(1);
  for (const one of refused) expect(one).toMatchObject({ reason: { type: "CAMPAIGN_EXISTS" } });
});

test("B01: the same command creates one campaign and answers the same", async () => {
  const bus = await start();
  const command = { meta: { ...administrator.meta, commandId: newId() } };
  const name = aName();

  const first = await bus.call("campaigns.create", { name }, command);
  const again = await bus.call("campaigns.create", { name }, command);

  expect(again).toEqual(first);
});

test("D18: a new campaign is announced with what it has", async () => {
  const bus = await start();
  const { id, name } = await aCampaign(bus);

  const events = await announced("campaigns", "campaigns.created");

  expect(events.find(({ data }) => data.id === id)).toMatchObject({
    aggregate: { kind: "campaign", id, version: 1 },
    actor: { id: administrator.meta.actor?.id },
    changes: expect.arrayContaining([
      { field: "name", old: null, new: name },
      { field: "options.allowCaseMerge", old: null, new: true },
    ]),
  });
});
