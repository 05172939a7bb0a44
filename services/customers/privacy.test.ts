import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import type { Holder } from "#shared/contracts/privacy.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import customers from "./customers.service.ts";

process.env["ERASURE_SETTLE_MS"] = "0";

const admin = as("administrator");
const nothing = { stays: "nothing", changed: 0, traces: 0, nextCursor: null };

/** A service that has so many pages about anybody, and tells of each that is asked for. */
const holder = (
  name: Exclude<Holder, "customers">,
  pages: number,
  onPage: () => unknown = () => 0,
) =>
  standIn(name, {
    async erasePersonalData({ params }: { params: { cursor?: string } }) {
      await onPage();
      const place = Number(params.cursor ?? 0);
      const nextCursor = place + 1 < pages ? String(place + 1) : null;
      return { ...nothing, kind: name, ids: [`${name}-${String(place)}`], nextCursor };
    },
  });

const audit = standIn("audit", {
  eraseValues: () => ({ found: 1, changed: 0, nextCursor: null }),
});

let bus: Broker;
const start = async (...services: Parameters<typeof startBus>) => {
  bus = await startBus(customers, ...services);
};

async function aCustomer(): Promise<{ id: string; confirm: string }> {
  const confirm = `Ada ${newId()}`;
  const { id } = await bus.call("customers.create", { firstName: confirm }, admin);
  return { id, confirm };
}

const erase = async ({ id, confirm }: { id: string; confirm: string }) =>
  (await bus.call("customers.erase", { id, confirm, reason: "request 1" }, admin)).id;

const erasure = (id: string) => bus.call("customers.getErasure", { id }, admin);
const becomes = (id: string, state: string) =>
  until(async () => {
    const one = await erasure(id);
    return one.state === state ? one : undefined;
  });

let asked: string[];
beforeEach(() => {
  asked = [];
});

test("B08: an erasure asks every service, page by page, until a second pass finds nothing", async () => {
  const note = (name: string) => () => asked.push(name);
  await start(
    holder("cases", 3, note("cases")),
    holder("channels", 1, note("channels")),
    holder("files", 1, note("files")),
    holder("imports", 1, note("imports")),
    audit,
  );

  const id = await erase(await aCustomer());
  const done = await becomes(id, "done");

  const pass = ["cases", "cases", "cases", "channels", "files", "imports"];
  expect(asked).toEqual([...pass, ...pass]);
  const report = Object.fromEntries(done.report.map(({ kind, found }) => [kind, found]));
  expect(report).toMatchObject({ customer: 1, cases: 3, channels: 1, files: 1, imports: 1 });
  const [told] = (await announced("customers", "customers.erasureFinished")).filter(
    (event) => event.data.id === id,
  );
  expect(told?.data.customerId).toBe(done.customerId);
});

test("B08: a legal hold stops an erasure before its next step; lifted, it goes on", async () => {
  const person = { id: "", confirm: "" };
  const hold = () => bus.call("customers.setLegalHold", { id: person.id, reason: "x" }, admin);
  await start(
    holder("cases", 2, () => (asked.push("cases") === 1 ? hold() : undefined)),
    holder("channels", 1),
    holder("files", 1),
    holder("imports", 1),
    audit,
  );
  Object.assign(person, await aCustomer());

  const id = await erase(person);
  await becomes(id, "blocked");
  const before = asked.length;
  await bus.call("customers.liftLegalHold", { id: person.id }, admin);
  await becomes(id, "done");

  expect(before).toBe(1);
  expect(asked.length).toBeGreaterThanOrEqual(4);
});

test("B08: an erasure waits for a service that is away, says for which, and goes on when it is back", async () => {
  await start(holder("cases", 1), holder("channels", 1), holder("imports", 1), audit);

  const id = await erase(await aCustomer());
  await until(async () => (await erasure(id)).waitsFor === "files");
  (bus as unknown as { createService(schema: unknown): unknown }).createService(holder("files", 1));
  const done = await becomes(id, "done");

  expect(done).not.toHaveProperty("waitsFor");
});

test("B08: a customer that is erased is gone at once, also for who describes or resolves it", async () => {
  await start();
  const value = `${newId()}@example.com`;
  const [first] = await bus.call("customers.resolve", { senders: [{ type: "email", value }] });
  const id = String(first?.customerId);

  await erase({ id, confirm: value });

  const missing = { code: 404, type: "NOT_FOUND" };
  await expect(bus.call("customers.get", { id }, admin)).rejects.toMatchObject(missing);
  await expect(bus.call("customers.openPersonalData", { id }, admin)).rejects.toMatchObject(
    missing,
  );
  expect(await bus.call("customers.describe", { ids: [id] })).toEqual([]);
  const [second] = await bus.call("customers.resolve", { senders: [{ type: "email", value }] });
  expect(second).toMatchObject({ isNew: true });
  expect(second?.customerId).not.toBe(id);
});

test("B01, P16: the repeat of a command about an erased person says that its answer is gone", async () => {
  await start(
    holder("cases", 1),
    holder("channels", 1),
    holder("files", 1),
    holder("imports", 1),
    audit,
  );
  const confirm = `Ada ${newId()}`;
  const keyed = { meta: { ...admin.meta, commandId: newId() } };
  const { id } = await bus.call("customers.create", { firstName: confirm }, keyed);

  await becomes(await erase({ id, confirm }), "done");

  const again = bus.call("customers.create", { firstName: confirm }, keyed);
  await expect(again).rejects.toMatchObject({ code: 409, type: "ANSWER_ERASED" });
});

test.each([
  ["customers.setLegalHold", { id: "nobody", reason: "x" }],
  ["customers.liftLegalHold", { id: "nobody" }],
  ["customers.getLegalHold", { id: "nobody" }],
  ["customers.getErasure", { id: "nobody" }],
  ["customers.erase", { id: "nobody", reason: "x", confirm: "x" }],
] as const)("B08: %s of nobody is refused", async (action, params) => {
  await start();

  const refused = bus.call(action, params, admin);

  await expect(refused).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});

test("B08, D03: who was merged into a customer is shown and erased with it", async () => {
  const about: string[][] = [];
  const cases = standIn("cases", {
    countOf: () => ({ count: 0 }),
    erasePersonalData({ params: { subject } }) {
      about.push(subject.customerIds);
      return { ...nothing, kind: "case", ids: [] };
    },
  });
  await start(cases, holder("channels", 1), holder("files", 1), holder("imports", 1), audit);
  const [survivor, absorbed] = [await aCustomer(), await aCustomer()];
  const two = { survivorId: survivor.id, absorbedId: absorbed.id };
  await bus.call("customers.merge", two, admin);
  const subject = await bus.call("customers.openPersonalData", { id: survivor.id }, admin);
  const shown = await bus.call("customers.personalData", { subject });

  await becomes(await erase(survivor), "done");

  expect(subject.customerIds).toEqual([survivor.id, absorbed.id]);
  expect(shown.items.map(({ id }) => id)).toEqual([survivor.id]);
  expect(about[0]).toEqual(subject.customerIds);
  const gone = bus.call("customers.get", { id: absorbed.id }, admin);
  await expect(gone).rejects.toMatchObject({ code: 404 });
});
