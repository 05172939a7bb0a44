/** Tabs that ask another system (F203). */
import { afterAll, expect, test } from "@jest/globals";
import { announced } from "#shared/testing/bus.ts";
import { json, startAnotherSystem } from "#shared/testing/another-system.ts";
import { agent, start, tabs } from "./tabs.samples.ts";

const system = await startAnotherSystem();
process.env["HOSTS_INSIDE"] = system.host;
afterAll(() => system.stop());

const address = `${system.url}/c/{{customer.documentNumber}}?n={{case.number}}`;
const inside = [
  { ...tabs.shown, address },
  { ...tabs.kept, address },
  { ...tabs.shown, id: "private", title: "Private", address: "https://10.0.0.1/" },
  { ...tabs.shown, id: "elsewhere", title: "Elsewhere", address: "https://localhost:1/" },
];
const begin = () => start({ tabs: inside });

test("F203: an integration shows what another system says of the case, and keeps nothing", async () => {
  const { bus, aKept } = await begin();
  const { id, number } = await aKept({ status: "closed" });
  system.answer(json({ invoices: [{ total: 12.5 }], vip: true }));

  const found = await bus.call("cases.askTab", { id, tabId: "shown" }, agent);

  expect(found).toEqual({
    tabId: "shown",
    items: [{ key: "debt", label: "Debt", value: "12.5" }],
    askedAt: expect.any(Date),
  });
  expect(system.asked).toEqual([`/c/1815%2F2?n=${String(number)}`]);
  const { items } = await bus.call("cases.listTabs", { id }, agent);
  expect(items[0]).not.toHaveProperty("values");
});

test("F203: one that keeps values keeps them with the case, each time it is asked to", async () => {
  const { bus, aKept } = await begin();
  const { id } = await aKept();
  const keepNow = () => bus.call("cases.keepFindings", { id, tabId: "kept" }, agent);
  system.answer(json({ invoices: [{ total: 12.5 }], vip: true }));

  const first = await keepNow();
  system.answer(json({ invoices: [{ total: { no: "text" } }], vip: "x".repeat(5_000) }));
  const second = await keepNow();

  expect(first).toMatchObject({ values: { debt: "12.5", vip: "true" }, version: 2 });
  expect(second).toMatchObject({ values: { vip: "x".repeat(2_000) }, version: 3 });
  expect(await bus.call("cases.getTabValues", { id, tabId: "kept" }, agent)).toEqual(second);
  const events = await announced("cases", "cases.tabValuesKept");
  expect(events.filter(({ data }) => data.caseId === id)).toHaveLength(2);
});

test.each([
  ["a refusal", json({}, 500), "refused"],
  ["no JSON", json(undefined), "notJson"],
])(
  "F203: %s of another system is told as such, and nothing is kept",
  async (_what, how, reason) => {
    const { bus, aKept } = await begin();
    const { id } = await aKept();
    system.answer(how);
    const failed = { code: 409, type: "INTEGRATION_FAILED", data: { reason } };

    const asking = bus.call("cases.askTab", { id, tabId: "shown" }, agent);
    await expect(asking).rejects.toMatchObject(failed);
    const keeping = bus.call("cases.keepFindings", { id, tabId: "kept" }, agent);
    await expect(keeping).rejects.toMatchObject(failed);

    const kept = await bus.call("cases.getTabValues", { id, tabId: "kept" }, agent);
    expect(kept).toEqual({ tabId: "kept", values: {}, version: 1 });
  },
);

test("F203: no private address is asked, and a system that is away is 503", async () => {
  const { bus, aKept } = await begin();
  const { id } = await aKept();
  const ask = (tabId: string) => bus.call("cases.askTab", { id, tabId }, agent);

  for (const tabId of ["private", "elsewhere"]) {
    await expect(ask(tabId)).rejects.toMatchObject({ code: 409, data: { reason: "notPublic" } });
  }
  system.answer((request) => request.socket.destroy());
  await expect(ask("shown")).rejects.toMatchObject({ code: 503 });
});
