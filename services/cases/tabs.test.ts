/** Script, tabs and captured values in a case (F076, F201-F203). */
import { expect, test } from "@jest/globals";
import type { FieldValues } from "#shared/contracts/cases/tabs.ts";
import { moved } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, startBus } from "#shared/testing/bus.ts";
import cases from "./cases.service.ts";
import { aCase, keep } from "./a-case.ts";
import { ada, administrator, agent, field, start, tabs } from "./tabs.samples.ts";

type Started = Awaited<ReturnType<typeof start>>;

const put = ({ bus }: Started, id: string, values: FieldValues, more: object = {}) =>
  bus.call("cases.setTabValues", { id, tabId: "form", version: 1, values, ...more }, agent);
const read = ({ bus }: Started, id: string, tabId = "form", who = agent) =>
  bus.call("cases.getTabValues", { id, tabId }, who);

const asked = (id: string) =>
  [
    ["cases.script", { id }],
    ["cases.listTabs", { id }],
    ["cases.getTabValues", { id, tabId: "form" }],
    ["cases.setTabValues", { id, tabId: "form", version: 1, values: { plan: "x" } }],
    ["cases.askTab", { id, tabId: "shown" }],
    ["cases.keepFindings", { id, tabId: "kept" }],
  ] as const;

test("F076, F201: the script of the campaign, filled in from the case; values cannot act", async () => {
  const { bus, aKept } = await start({ script: "<p>{{customer.name}}, {{case.number}}</p>" });
  const { id, number } = await aKept();

  const script = await bus.call("cases.script", { id: String(number) }, agent);

  expect(script).toEqual({ html: `<p>Ada &lt;Lovelace&gt;, ${number}</p>` });
  expect(id).not.toBe("");
});

test("F201: nobody is asked for what the script does not speak of, and a merged customer's survivor is", async () => {
  const plain = await start({ script: "{{case.number}}", customers: { get: () => never() } });
  const { id, number } = await plain.aKept();
  expect(await plain.bus.call("cases.script", { id }, agent)).toEqual({ html: String(number) });

  const merged = await start({
    script: "{{customer.name}}",
    customers: {
      get: ({ params }) => {
        if (params.id === "ada") throw moved("customer", "ada", "countess");
        return { ...ada, id: params.id, displayName: "Countess" };
      },
    },
  });
  const kase = await merged.aKept();
  expect(await merged.bus.call("cases.script", { id: kase.id }, agent)).toEqual({
    html: "Countess",
  });
});

const never = (): never => {
  throw new Error("asked");
};

test("F202, F203: tabs as the case shows them: addresses filled in, where an integration asks told to nobody", async () => {
  const { bus, aKept } = await start();
  const { id, number } = await aKept();

  const { items } = await bus.call("cases.listTabs", { id }, agent);

  const address = `https://crm.example.com/c/1815%2F2?n=${number}`;
  const findings = (all: readonly { key: string; label: string }[]) =>
    all.map(({ key, label }) => ({ key, label }));
  const nothing = { values: {}, valuesVersion: 1 };
  const { address: _shown, ...shown } = tabs.shown;
  const { address: _kept, ...kept } = tabs.kept;
  expect(items).toEqual([
    { ...tabs.link, address },
    { ...tabs.form, ...nothing },
    { ...shown, findings: findings(tabs.shown.findings) },
    { ...kept, findings: findings(tabs.kept.findings), ...nothing },
  ]);
});

test("F203: what is filled in stays with the case, version by version, and the change log has it", async () => {
  const started = await start();
  const { id } = await started.aKept();
  expect(await read(started, id)).toEqual({ tabId: "form", values: {}, version: 1 });

  const first = await put(started, id, { plan: "Gold" });
  const second = await put(started, id, { plan: "Silver" }, { version: 2 });
  const same = await put(started, id, { plan: "Silver" }, { version: 3 });

  expect([first.version, second.version, same.version]).toEqual([2, 3, 3]);
  expect(await read(started, id)).toEqual(second);
  expect(second).toMatchObject({ values: { plan: "Silver" }, updatedBy: agent.meta.actor?.id });
  const { items } = await started.bus.call("cases.listTabs", { id }, agent);
  expect(items[1]).toMatchObject({ values: { plan: "Silver" }, valuesVersion: 3 });
  const events = await announced("cases", "cases.tabValuesKept");
  expect(events.filter(({ data }) => data.caseId === id)).toMatchObject([
    { key: id, changes: [{ field: "values.plan", old: null, new: "Gold" }] },
    { changes: [{ field: "values.plan", old: "Gold", new: "Silver" }] },
  ]);
});

test("F203, G01: filling in a form acts on the case: a new one is open", async () => {
  const started = await start();
  const { id } = await started.aKept({ status: "new" });

  await put(started, id, { plan: "Gold" });

  const { status, version } = await started.bus.call("cases.get", { id }, agent);
  expect([status, version]).toEqual(["open", 2]);
});

test("P9: of several who fill in the same form at once one wins, the others are told", async () => {
  const started = await start();
  const { id } = await started.aKept();

  const tries = await Promise.allSettled(
    Array.from({ length: 6 }, (_, place) => put(started, id, { plan: `Plan ${place}` })),
  );

  const lost = tries.filter((one) => one.status === "rejected");
  expect(lost).toHaveLength(5);
  for (const { reason } of lost) expect(reason).toMatchObject({ code: 412 });
  expect(await read(started, id)).toMatchObject({ version: 2 });
});

test("F203: what the form does not take is refused, nothing of it kept", async () => {
  const started = await start();
  const { id } = await started.aKept();

  await expect(put(started, id, {})).rejects.toMatchObject({
    data: { errors: [{ path: "values.plan", code: "required" }] },
  });
  await expect(put(started, id, { plan: "a", colour: "b" })).rejects.toMatchObject({
    data: { errors: [{ path: "values.colour", code: "unknown" }] },
  });
  await expect(put(started, id, { plan: "a" }, { version: 9 })).rejects.toMatchObject({
    type: "STALE_VERSION",
  });

  expect(await read(started, id)).toEqual({ tabId: "form", values: {}, version: 1 });
});

test("F203: a tab that there is not, or of another kind, is refused", async () => {
  const started = await start();
  const { bus } = started;
  const { id } = await started.aKept();
  const wrong = { code: 409, type: "WRONG_KIND_OF_TAB" };

  await expect(read(started, id, "none")).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  await expect(put(started, id, {}, { tabId: "none" })).rejects.toMatchObject({ code: 404 });
  for (const tabId of ["link", "shown"]) {
    await expect(read(started, id, tabId)).rejects.toMatchObject(wrong);
  }
  await expect(put(started, id, {}, { tabId: "kept" })).rejects.toMatchObject(wrong);
  for (const tabId of ["link", "form"]) {
    await expect(bus.call("cases.askTab", { id, tabId }, agent)).rejects.toMatchObject(wrong);
  }
  const keeping = bus.call("cases.keepFindings", { id, tabId: "shown" }, agent);
  await expect(keeping).rejects.toMatchObject(wrong);
});

test("F125: of a campaign of others the script and the tabs are not shown, let alone filled in", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept({ campaignId: "sales" });

  for (const [action, params] of asked(id)) {
    const refused = bus.call(action, params, agent);
    await expect(refused).rejects.toMatchObject({ code: 403, type: "READ_ONLY" });
  }
});

test("G04: a case that is not seen has no script and no tabs", async () => {
  const bus = await startBus(cases);
  const [kase] = await keep(aCase());

  for (const [action, params] of asked(newId())) {
    await expect(bus.call(action, params as never, administrator)).rejects.toMatchObject({
      code: 404,
    });
    await expect(bus.call(action, { ...params, id: kase!.id })).rejects.toMatchObject({
      code: 401,
    });
  }
});

test("D04: a closed case shows what was kept, and keeps nothing more", async () => {
  const started = await start();
  const { id } = await started.aKept({ status: "closed" });
  const closed = { code: 409, type: "CASE_CLOSED" };

  expect(await read(started, id)).toMatchObject({ values: {} });
  expect((await started.bus.call("cases.listTabs", { id }, agent)).items).toHaveLength(4);
  await expect(put(started, id, { plan: "Gold" })).rejects.toMatchObject(closed);
  const keeping = started.bus.call("cases.keepFindings", { id, tabId: "kept" }, agent);
  await expect(keeping).rejects.toMatchObject(closed);
});

test("F203: supervisors and administrators fill in forms, too", async () => {
  const started = await start();
  const { id } = await started.aKept();

  for (const [place, who] of [as("supervisor"), administrator].entries()) {
    const values = { [field.key]: `By ${place}` };
    const params = { id, tabId: "form", version: place + 1, values };
    const kept = await started.bus.call("cases.setTabValues", params, who);
    expect(kept).toMatchObject({ values, updatedBy: who.meta.actor?.id });
  }
});
