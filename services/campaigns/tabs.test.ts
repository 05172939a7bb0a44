/** Additional tabs of campaigns: what they are made of, and where they may lead (F202, F203). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { ana, namesOf, refusedAt } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");

async function start() {
  const bus = await startBus(campaigns, standIn("identity", { namesOf }));
  const { id } = await bus.call("campaigns.create", { name: newId() }, administrator);
  const set = (items: object[], more: object = {}) =>
    bus.call("campaigns.setTabs", { id, items: items as [], ...more }, administrator);
  const read = (who = administrator) => bus.call("campaigns.getTabs", { id }, who);
  return { bus, id, set, read };
}

const address = "https://8.8.8.8/customers/{{customer.documentNumber}}?case={{ case.number }}";
const field = { key: "plan", label: "Plan", type: "text", required: false };
const finding = { key: "debt", label: "Debt", path: "invoices.0.total" };
const link = { title: "Catalogue", kind: "link", address };
const embed = {
  title: "CRM",
  kind: "embed",
  address: "https://crm.example.com/#/c/{{customer.id}}",
};
const form = { title: "Survey", kind: "form", fields: [field] };
const integration = {
  ...{ title: "Billing", kind: "integration", address, findings: [finding], keepsValues: true },
};

test("F202, F203: a campaign has tabs of four kinds, in their order", async () => {
  const { id, set, read } = await start();
  expect(await read()).toEqual({ items: [], version: 1 });

  const kept = await set([integration, link, form, embed]);

  expect(kept).toMatchObject({
    items: [integration, link, form, embed].map((one) => ({ keepsValues: false, ...one })),
    version: 2,
  });
  expect(await read()).toEqual(kept);
  const events = await announced("campaigns", "campaigns.tabsSet");
  expect(events.filter(({ data }) => data.id === id)).toMatchObject([
    { aggregate: { kind: "campaign", version: 2 }, changes: [{ field: "tabs", old: [] }] },
  ]);
});

test("F202: a tab with its id stays the same, one left out is removed", async () => {
  const { set } = await start();
  const { items } = await set([link, form]);

  const changed = await set([{ ...form, title: "Questions", id: items[1]!.id }]);

  expect(changed.items).toMatchObject([{ id: items[1]!.id, title: "Questions" }]);
  expect(await set(changed.items)).toEqual(changed);
});

test("F202: the agents of the campaign read its tabs, others do not", async () => {
  const { bus, id, set, read } = await start();
  await set([link]);
  const items = [{ userId: ana.id, channelIds: [] }];
  await bus.call("campaigns.setAgents", { id, items }, administrator);

  expect((await read(as("agent", { id: ana.id }))).items).toHaveLength(1);
  await expect(read(as("agent"))).rejects.toMatchObject({ code: 404 });
});

const at = (one: object, wrong: string) => ({ ...one, address: wrong });
const refusedTabs: [string, object[], string[]][] = [
  ["a private address", [at(link, "https://10.0.0.1/")], ["items[0].address"]],
  ["a private address in digits", [at(embed, "https://2130706433/")], ["items[0].address"]],
  ["a private address in octal", [at(integration, "https://0177.1/")], ["items[0].address"]],
  ["a mapped one", [link, at(embed, "https://[::ffff:10.0.0.1]/")], ["items[1].address"]],
  ["this machine", [at(integration, "https://localhost/")], ["items[0].address"]],
  ["an address without TLS", [at(link, "http://example.com/")], ["items[0].address"]],
  ["a script as address", [at(link, "javascript:alert(1)")], ["items[0].address"]],
  ["user information", [at(link, "https://a:b@example.com/")], ["items[0].address"]],
  ["an unknown variable", [at(link, "https://example.com/{{secret}}")], ["items[0].address"]],
  ["a variable as host", [at(link, "https://{{customer.name}}/")], ["items[0].address"]],
  ["a variable in the host", [at(link, "https://a.{{case.id}}.com/")], ["items[0].address"]],
  ["a variable after the host", [at(link, "https://a.com{{case.id}}/")], ["items[0].address"]],
  ["a variable as port", [at(link, "https://a.com:{{case.id}}/")], ["items[0].address"]],
  ["a variable as scheme", [at(link, "{{case.id}}://a.com/")], ["items[0].address"]],
  ["a variable as user", [at(link, "https://{{case.id}}@a.com/")], ["items[0].address"]],
  ["no address", [{ title: "A", kind: "embed" }], ["items[0].address"]],
  ["no fields", [{ title: "A", kind: "form" }], ["items[0].fields"]],
  ["no findings", [{ title: "A", kind: "integration", address }], ["items[0].findings"]],
  ["fields of a link", [{ ...link, fields: [field] }], ["items[0].fields"]],
  ["an address of a form", [{ ...form, address }], ["items[0].address"]],
  ["values of a link", [{ ...link, keepsValues: true }], ["items[0].keepsValues"]],
  ["a field twice", [{ ...form, fields: [field, field] }], ["items[0].fields[1].key"]],
  [
    "a choice of nothing",
    [{ ...form, fields: [{ ...field, type: "singleChoice" }] }],
    ["items[0].fields[0].options"],
  ],
  [
    "a finding twice",
    [{ ...integration, findings: [finding, finding] }],
    ["items[0].findings[1].key"],
  ],
  ["a title twice", [link, { ...form, title: "CATALOGUE" }], ["items[1].title"]],
  ["a tab that there is not", [{ ...link, id: "none" }], ["items[0].id"]],
  ["an unknown kind", [{ ...link, kind: "window" }], ["items[0].kind"]],
  ["too many", Array.from({ length: 21 }, () => link), ["items"]],
];

test.each(refusedTabs)(
  "F202, F203: tabs with %s are refused, none is kept",
  async (_what, items, paths) => {
    const { set, read } = await start();

    await expect(set([...items])).rejects.toMatchObject(refusedAt(...paths));

    expect(await read()).toEqual({ items: [], version: 1 });
  },
);

test("F202: tabs are refused by a stale version, and without such a campaign", async () => {
  const { bus, set } = await start();

  await expect(set([link], { version: 2 })).rejects.toMatchObject({ type: "STALE_VERSION" });
  const missing = bus.call("campaigns.setTabs", { id: "none", items: [] }, administrator);
  await expect(missing).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});
