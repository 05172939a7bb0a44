/** What cases hold of their tabs goes along when they are merged, and goes with its person (F203). */
import { expect, test } from "@jest/globals";
import type { FieldValues } from "#shared/contracts/cases/tabs.ts";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { announced } from "#shared/testing/bus.ts";
import * as store from "./tabs.store.ts";
import { agent, start, tabs } from "./tabs.samples.ts";

type Started = Awaited<ReturnType<typeof start>>;

const put = ({ bus }: Started, id: string, values: FieldValues, more: object = {}) =>
  bus.call("cases.setTabValues", { id, tabId: "form", version: 1, values, ...more }, agent);
const read = ({ bus }: Started, id: string, tabId = "form") =>
  bus.call("cases.getTabValues", { id, tabId }, agent);

test("F094: what one case holds moves to another, whose own values stay", async () => {
  const started = await start({ tabs: [tabs.form, { ...tabs.form, id: "more", title: "More" }] });
  const [from, to] = [await started.aKept(), await started.aKept()];
  for (const tabId of ["form", "more"]) await put(started, from.id, { plan: "Old" }, { tabId });
  await put(started, to.id, { plan: "Own" });

  const moved = await transaction("cases", (session) => store.moveToCase(from.id, to.id, session));

  expect(moved).toBe(1);
  const values = async (tabId: string) => (await read(started, to.id, tabId)).values;
  expect([await values("form"), await values("more")]).toEqual([{ plan: "Own" }, { plan: "Old" }]);
});

test("B08, P16: what was filled in about a person is shown to them, and erased with them", async () => {
  const started = await start();
  const customerId = newId();
  const { id } = await started.aKept({ customerId, status: "closed" });
  const open = await started.aKept({ customerId });
  await put(started, open.id, { plan: "Secret plan" });
  const subject = { customerIds: [customerId], addresses: [] };
  const all = async (action: "cases.personalData" | "cases.erasePersonalData") => {
    const pages = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await started.bus.call(action, { subject, ...(cursor ? { cursor } : {}) });
      pages.push(page);
      cursor = page.nextCursor;
    }
    return pages;
  };

  expect(JSON.stringify(await all("cases.personalData"))).toContain("Secret plan");
  const erased = await all("cases.erasePersonalData");
  const again = await all("cases.erasePersonalData");

  expect(JSON.stringify(await all("cases.personalData"))).not.toContain("Secret plan");
  expect(await read(started, open.id)).toMatchObject({ values: {}, version: 2 });
  const changed = (pages: object[]) =>
    (pages as { changed: number }[]).reduce((sum, page) => sum + page.changed, 0);
  expect([changed(erased), changed(again)]).toEqual([3, 0]);
  const events = await announced("cases", "cases.tabValuesKept");
  expect(JSON.stringify(events)).not.toContain("Secret plan");
  expect(id).not.toBe(open.id);
});
