/** The filters, sorts and pages of the list of customers (G18). */
import { expect, test } from "@jest/globals";
import type { Broker, Contracts } from "#shared/bus.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { Sent } from "#shared/fields.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import customers from "./customers.service.ts";
import { customers as table } from "./tables.store.ts";

type Params = Sent<Contracts["customers"]["actions"]["list"]["params"]>;

const agent = as("agent");
const day = (date: number) => new Date(Date.UTC(2026, 2, date));

/** What a test tells of a customer; its name is what the test knows it by. */
type Said = Partial<Pick<Customer, "kind" | "tags" | "owners" | "disabled">> &
  Partial<Record<"createdAt" | "updatedAt" | "lastInteractionAt", Date>> & { name: string };

async function keep(bus: Broker, ...all: Said[]): Promise<void> {
  for (const { name, kind = "person", tags = [], ...more } of all) {
    const named = kind === "person" ? { firstName: name } : { businessName: name };
    const { id } = await bus.call("customers.create", { kind, tags, ...named }, agent);
    await table.native().updateOne({ _id: id }, { $set: more });
  }
}

async function startCustomers(...all: Said[]) {
  const bus = await startBus(customers);
  await table.native().deleteMany({});
  await keep(bus, ...all);
  const list = (asked: Params) => bus.call("customers.list", asked, agent);
  const names = async (asked: Params) =>
    (await list(asked)).items.map(({ displayName }) => displayName).join("");
  return { bus, list, names };
}

const various: Said[] = [
  { name: "a", tags: ["vip", "late"], owners: [{ userId: "bo" }], updatedAt: day(9) },
  { name: "b", tags: ["vip"], kind: "company", updatedAt: day(8), lastInteractionAt: day(2) },
  { name: "c", owners: [{ userId: "bo", campaignId: "north" }, { userId: "cy" }], disabled: true },
  { name: "d", tags: ["late"], updatedAt: day(7), lastInteractionAt: day(4) },
  { name: "e", owners: [{ userId: "cy", campaignId: "north" }], lastInteractionAt: day(3) },
];

const filters: [what: string, asked: Params, found: string][] = [
  ["the enabled", {}, "edba"],
  ["the disabled", { disabled: "true" }, "c"],
  ["all", { disabled: "all" }, "edcba"],
  ["a tag", { tag: ["vip"] }, "ba"],
  ["every one of several tags", { tag: ["late", "vip"] }, "a"],
  ["an owner of all or one campaign", { ownerId: "bo", disabled: "all" }, "ca"],
  ["an owner", { ownerId: "cy" }, "e"],
  ["companies", { kind: "company" }, "b"],
  ["persons", { kind: "person" }, "eda"],
  ["updated from, included", { updatedFrom: day(8), updatedTo: day(9) }, "ba"],
  ["updated until, included", { updatedTo: day(7) }, "d"],
  ["last interaction from, included", { lastInteractionFrom: day(3) }, "ed"],
  ["last interaction until", { lastInteractionTo: day(3) }, "eb"],
  ["a word and a tag", { q: "a", tag: ["vip"] }, "a"],
  ["all at once", { q: "b", tag: ["vip"], kind: "company", updatedTo: day(8) }, "b"],
  ["what nobody has", { tag: ["vip"], ownerId: "cy", disabled: "all" }, ""],
];

test("G18, F012: each filter finds what it says, and all together narrow", async () => {
  const { names, list } = await startCustomers(...various);

  const found: typeof filters = [];
  for (const [what, asked] of filters) {
    const total = String((await list({ ...asked, count: true })).total);
    expect([what, total]).toEqual([what, String((await names(asked)).length)]);
    found.push([what, asked, await names(asked)]);
  }

  expect(found).toEqual(filters);
});

test("G18: customers are found by when they were created, both ends included", async () => {
  const { bus, list } = await startCustomers({ name: "first" });
  const [first] = (await list({})).items;
  await until(() => Date.now() > first!.createdAt.getTime());
  await keep(bus, { name: "second" });
  const [second] = (await list({ limit: 1 })).items;
  const found = async (asked: Params) => (await list(asked)).items.map(({ id }) => id);

  expect(await found({ createdFrom: first!.createdAt })).toEqual([second!.id, first!.id]);
  expect(await found({ createdFrom: second!.createdAt })).toEqual([second!.id]);
  expect(await found({ createdTo: first!.createdAt })).toEqual([first!.id]);
  expect(await found({ createdFrom: new Date(Date.now() + 60_000) })).toEqual([]);
});

const orders: Record<NonNullable<Params["sort"]>, string> = {
  "-created": "dcba",
  created: "abcd",
  name: "cadb",
  "-updated": "abcd",
  "-lastInteraction": "cadb",
};
const timed: Said[] = [
  { name: "Álvaro", updatedAt: day(9), lastInteractionAt: day(4) },
  { name: "zoë", updatedAt: day(8) },
  { name: "Ada", updatedAt: day(7), lastInteractionAt: day(6) },
  { name: "Zenón", updatedAt: day(6), lastInteractionAt: day(1) },
];

test("G18, F003: each sort gives its order, whole and a page at a time", async () => {
  const { list } = await startCustomers(...timed);
  const letter = ({ displayName }: { displayName: string }) =>
    "abcd"[timed.findIndex(({ name }) => name === displayName)];
  const walk = async (asked: Params) => {
    let walked = "";
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await list({ ...asked, limit: 1, ...(cursor ? { cursor } : {}) });
      walked += page.items.map(letter).join("");
      cursor = page.nextCursor;
    }
    return walked;
  };

  const found: Record<string, string[]> = {};
  for (const sort of Object.keys(orders) as (keyof typeof orders)[]) {
    const items = (await list({ sort })).items;
    found[sort] = [items.map(letter).join(""), await walk({ sort })];
  }

  expect(found).toEqual(
    Object.fromEntries(Object.entries(orders).map(([sort, order]) => [sort, [order, order]])),
  );
});

test("G18: words in any order, each by its beginning, are found together", async () => {
  const { names } = await startCustomers(
    ...["María García", "Mario Garrido", "Marta Gómez", "García y Garrido", "Ana de la Mar"].map(
      (name) => ({ name: `${name}. ` }),
    ),
  );

  expect(await names({ q: "maria garcia" })).toBe("María García.");
  expect(await names({ q: "gar mar" })).toBe("Mario Garrido.María García.");
  expect(await names({ q: "garcia garrido" })).toBe("García y Garrido.");
  expect(await names({ q: "mar de" })).toBe("Ana de la Mar.");
  expect(await names({ q: "mar maria" })).toBe("María García.");
  expect(await names({ q: "garcia gomez" })).toBe("");
});

test("G18: who has very many words is found by two of them as well", async () => {
  const alphabet = Array.from({ length: 20 }, (_, index) => String.fromCharCode(97 + index));
  const name = alphabet.map((letter) => letter.repeat(3)).join(" ");
  const { names } = await startCustomers({ name: name.slice(0, 80) });

  expect(await names({ q: "rrr bbb" })).toBe(name.slice(0, 80));
  expect(await names({ q: "bbb zzz" })).toBe("");
});

test("G18: a customer that is disabled or enabled again is listed as it is now", async () => {
  const { bus, list, names } = await startCustomers({ name: "switched" });
  const [customer] = (await list({})).items;
  const set = (version: number, disabled: boolean) =>
    bus.call("customers.change", { id: customer!.id, version, disabled }, agent);

  await set(1, true);
  expect([await names({ q: "switched" }), await names({ disabled: "true" })]).toEqual([
    "",
    "switched",
  ]);
  await set(2, false);
  expect([await names({ q: "switched" }), await names({ disabled: "true" })]).toEqual([
    "switched",
    "",
  ]);
});

const bad: Record<string, object> = {
  cursor: { cursor: "bm90LWEtY3Vyc29y" },
  sort: { sort: "colour" },
  limit: { limit: 201 },
  tag: { tag: [] },
  "tag[0]": { tag: [{ $ne: 1 }] },
  ownerId: { ownerId: "no such id!" },
  kind: { kind: "robot" },
  disabled: { disabled: "maybe" },
  createdFrom: { createdFrom: "yesterday" },
  updatedTo: { updatedTo: "2026-13-01T00:00:00Z" },
  lastInteractionFrom: { lastInteractionFrom: 7 },
  q: { q: "a".repeat(201) },
  colour: { colour: "red" },
};

test("G18: what a list cannot be asked is refused by its name", async () => {
  const { list } = await startCustomers();

  for (const [path, asked] of Object.entries(bad)) {
    await expect(list(asked as Params)).rejects.toMatchObject({
      code: 422,
      data: { errors: [expect.objectContaining({ path })] },
    });
  }
});
