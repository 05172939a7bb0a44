/** What tests of business rules begin with: cases that remember what is done to them, and their neighbours. */
import type { Broker, EventName, Payload } from "#shared/bus.ts";
import type { RuleDraft } from "#shared/contracts/automation/rules.ts";
import { CampaignSummary } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { SweptCase } from "#shared/contracts/cases/sweeping.ts";
import type { Change } from "#shared/contracts/common.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { conflict, notFound, stale, unavailable } from "#shared/errors.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable, type Announcement } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import type { Received, Shape } from "#shared/fields.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import automation from "./automation.service.ts";

export const admin = as("administrator");
const agent = as("agent");

/** Something that was done to a case: by which action of cases, and what it said. */
export interface Deed {
  action: "change" | "escalate" | "transfer";
  commandId: string;
  by: string;
  params: Record<string, unknown>;
}

/** The cases that there are, what was done to them, and whether they can be reached. */
const aWorld = () => ({
  cases: new Map<string, Case>(),
  customers: new Map<string, Customer>(),
  deeds: [] as Deed[],
  isAway: false,
  supervisorIds: ["rosa"],
});
type World = ReturnType<typeof aWorld>;

function found({ isAway, cases }: World, id: string): Case {
  if (isAway) throw unavailable("away");
  const kase = cases.get(id);
  if (!kase) throw notFound("case", id);
  return kase;
}

/** As cases does: each command once, closed cases not at all. */
function done(world: World, action: Deed["action"], { params, meta }: Done): Case {
  const kase = found(world, params.id);
  const { actor, commandId } = meta;
  const by = `${actor.kind} ${actor.id}`;
  if (world.deeds.some((one) => one.commandId === commandId)) return kase;
  if (kase.status === "closed") throw conflict("CASE_CLOSED", "It is closed");
  const { id, version, ...wish } = params as { id: string; version?: number };
  if (version !== undefined && version !== kase.version) throw stale("case", id, kase.version);
  world.deeds.push({ action, commandId, by, params });
  const escalated = action === "escalate" ? { status: "escalated" as const } : {};
  const after = { ...kase, ...wish, ...escalated, version: kase.version + 1 };
  world.cases.set(id, after);
  return after;
}

const casesOf = (world: World) =>
  standIn("cases", {
    get: ({ params: { id } }) => found(world, id),
    access({ params: { id } }) {
      const { number, campaignId, customerId } = found(world, id);
      return { id, number, campaignId, customerId, closed: false };
    },
    change: (ctx) => done(world, "change", ctx as never),
    escalate: (ctx) => done(world, "escalate", ctx as never),
    transfer: (ctx) => done(world, "transfer", ctx as never),
    openOf: ({ params: { campaignId } }) => ({
      items: [...world.cases.values()]
        .filter((one) => one.campaignId === campaignId && one.status !== "closed")
        .map((one) => partOf(one, SweptCase)),
      nextCursor: null,
    }),
    listActivities: () => ({ items: [], nextCursor: null }),
  });

const othersOf = (world: World) => [
  standIn("campaigns", {
    namesOf: ({ params: { ids } }) =>
      ids.filter((id) => id !== "nowhere").map((id) => ({ id, name: id })),
    describe: ({ params: { id } }) => aCampaign(id, { supervisorIds: world.supervisorIds }),
    list: () => ({ items: [partOf(aCampaign("support"), CampaignSummary)], nextCursor: null }),
  }),
  standIn("identity", {
    namesOf: ({ params: { ids } }) =>
      ids
        .filter((id) => id !== "nobody")
        .map((id) => ({ id, name: id, role: "agent" as const, disabled: false })),
  }),
  standIn("customers", {
    get({ params: { id } }) {
      const customer = world.customers.get(id);
      if (!customer) throw notFound("customer", id);
      return customer;
    },
  }),
  standIn("channels", {
    describe: ({ params: { ids } }) => ids.map((id) => ({ ...aChannel, id })),
  }),
];

/** Of something what a shape has of it. */
const partOf = <S extends Shape>(whole: object, shape: S): Received<S> =>
  Object.fromEntries(
    Object.entries(whole).filter(([name]) => Object.hasOwn(shape, name)),
  ) as Received<S>;

interface Done {
  params: { id: string };
  meta: { actor: { kind: string; id: string }; commandId: string };
}

const aChannel = {
  ...{ name: "Mail", type: "email" as const, direction: "both" as const, campaignId: "support" },
  ...{ enabled: true, version: 1, createdAt: new Date(), updatedAt: new Date() },
};

/** The service with neighbours whose events reach it. */
export async function start() {
  for (const service of ["cases", "channels"] as const) {
    await prepare(service, [outboxTable, inboxTable]);
  }
  const world = aWorld();
  const bus = await startBus(automation, casesOf(world), ...othersOf(world));
  const relays = [
    await startRelay("cases", testLogger()),
    await startRelay("channels", testLogger()),
  ];
  onTestFinished(async () => {
    for (const relay of relays) await relay.stop();
    // other tests of the file have rules of their own
    const { items } = await bus.call("automation.listRules", {}, admin);
    for (const { id } of items) await bus.call("automation.deleteRule", { id }, admin);
  });
  const aKept = (said: Partial<Case> = {}): Case => {
    const kase = aCase(said);
    world.cases.set(kase.id, kase);
    return kase;
  };
  return { bus, world, aKept };
}

const aCase = (said: Partial<Case>): Case => ({
  ...{ id: newId(), number: 1, status: "new", priority: "medium", description: "Broken" },
  ...{ campaignId: "support", customerId: "ada", interactionCount: 0, unreadCount: 0 },
  ...{ version: 1, createdAt: new Date(), updatedAt: new Date() },
  ...said,
});

export const aCustomer = (id: string, said: Partial<Customer>): Customer => ({
  ...{ id, kind: "person", displayName: id, tags: [], contactPoints: [], disabled: false },
  ...{ version: 1, createdAt: new Date(), updatedAt: new Date() },
  ...said,
});

/** A rule that raises the priority of new cases, but for what is said. */
export const aRule = (bus: Broker, said: Partial<RuleDraft> = {}) =>
  bus.call(
    "automation.createRule",
    {
      name: "A rule",
      kind: "trigger",
      ...(said.kind === "automation" ? {} : { trigger: "caseCreated" as const }),
      actions: [{ kind: "setPriority", priority: "high" }],
      ...said,
    },
    admin,
  );

/** Announces an event of a case, as cases does; by an agent unless somebody else is named. */
export const tell = <E extends EventName<"cases">>(
  event: E,
  data: Payload<E>,
  { changes = [], by = agent }: { changes?: Change[]; by?: ReturnType<typeof as> } = {},
) =>
  write("cases", by, ({ announce }) => {
    const { id } = data as unknown as { id: string };
    const aggregate = { kind: "case", id, version: 1 };
    announce({ event, aggregate, changes, data } as unknown as Announcement<E>);
    return Promise.resolve();
  });

export const created = ({ id, number, campaignId, customerId }: Case) =>
  tell("cases.created", { id, number, campaignId, customerId, cause: "user" });

export const changed = (
  { id, campaignId, customerId }: Case,
  how: Parameters<typeof tell>[2] = {},
) => tell("cases.changed", { id, campaignId, customerId }, how);

/** What the rules log says of a case, once there are so many that have ended. */
export const loggedOf = (bus: Broker, { id }: Pick<Case, "id">, count = 1) =>
  until(async () => {
    const { items } = await bus.call("automation.ofCase", { id }, admin);
    const ended = items.filter(({ state }) => state !== "running");
    return ended.length >= count && ended;
  });
