import { expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { as, startBus } from "#shared/testing/bus.ts";
import customers from "./customers.service.ts";
import { keptWith } from "./customers.store.ts";
import { create, lookupsOf } from "./customers.rules.ts";
import { fillIn } from "./likeness-backfill.ts";
import * as store from "./similar.store.ts";
import { backfills, customers as table } from "./tables.store.ts";

const agent = as("agent");
type Draft = Parameters<typeof create>[0];

let used = 0;
/** A document that nobody else in this file has. */
const aDocument = () => ({
  documentType: "CC",
  documentNumber: `71${String((used += 1) * 7_919).padStart(8, "0")}`,
});

const make = (bus: Broker, draft: Partial<Draft>) =>
  bus.call("customers.create", { ...draft }, agent);

const similarTo = async (bus: Broker, id: string) =>
  (await bus.call("customers.similar", { id }, agent)).items;

const found = async (bus: Broker, id: string) =>
  new Map((await similarTo(bus, id)).map((one) => [one.customer.id, one]));

const rare = {
  firstName: "Jimena",
  middleName: "Sofía",
  lastName: "Zubizarreta",
  secondLastName: "Echegaray",
  birthDate: "1984-03-07",
};

test.each<[what: string, one: Partial<Draft>, other: Partial<Draft>, fields: string[]]>([
  [
    "names in another order and without some",
    { ...rare, lastName: "Uriarte" },
    { firstName: "URIARTE", lastName: "Gimena", birthDate: "1984-03-07" },
    ["name", "birthDate"],
  ],
  [
    "day and month swapped",
    { ...rare, lastName: "Otxoa" },
    { firstName: "Jimena", lastName: "Otxoa", birthDate: "1984-07-03" },
    ["name", "birthDate"],
  ],
  [
    "a slip in the name and the same phone",
    { firstName: "Casilda", lastName: "Barrenechea", ...phone("+34600700801") },
    { firstName: "Casidla", lastName: "Barrenechea", ...phone("+34600700801") },
    ["name", "phone"],
  ],
  [
    "the same e-mail, written otherwise",
    { firstName: "Telmo", lastName: "Arizmendi", ...email("telmo.arizmendi@x.example.com") },
    { firstName: "ARIZMENDI", lastName: "telmo", ...email("TelmoArizmendi+shop@x.example.com") },
    ["name", "email"],
  ],
  [
    "transposed digits in the document",
    { ...rare, lastName: "Iturbe", documentType: "CC", documentNumber: "52.418.967" },
    { firstName: "Jimena", lastName: "Iturbe", documentType: "CC", documentNumber: "52481967" },
    ["name", "documentNumber"],
  ],
])("F035, F036: %s is likely the same", async (_what, one, other, fields) => {
  const bus = await startBus(customers);
  const first = await make(bus, one);
  const second = await make(bus, other);

  const seen = (await found(bus, first.id)).get(second.id);
  const back = (await found(bus, second.id)).get(first.id);

  expect(seen).toMatchObject({ likelySame: true, customer: { id: second.id } });
  expect(seen!.similarity).toBeGreaterThanOrEqual(60);
  expect(seen!.matched.map(({ field }) => field)).toEqual(expect.arrayContaining(fields));
  expect(back).toMatchObject({ likelySame: true, similarity: seen!.similarity });
});

function phone(value: string) {
  return { contactPoints: [{ type: "phone" as const, value }] };
}

function email(value: string) {
  return { contactPoints: [{ type: "email" as const, value }] };
}

test("F035: sister, namesake and stranger are not the same; the best comes first", async () => {
  const bus = await startBus(customers);
  const shared = phone("+34600700802");
  const own = { ...rare, lastName: "Lizarraga", ...shared };
  const first = await make(bus, { ...own, ...aDocument() });
  const sister = await make(bus, { ...own, firstName: "Leire", birthDate: "1990-01-20" });
  const namesake = await make(bus, { ...own, birthDate: "1951-11-30", ...phone("+34600700803") });
  const twice = await make(bus, own);
  const stranger = await make(bus, { firstName: "Bruno", lastName: "Quintana" });

  const items = await similarTo(bus, first.id);

  expect(items[0]).toMatchObject({ customer: { id: twice.id }, likelySame: true });
  const others = new Map(items.map((one) => [one.customer.id, one]));
  expect(others.get(sister.id)?.likelySame ?? false).toBe(false);
  expect(others.get(namesake.id)?.likelySame ?? false).toBe(false);
  expect(others.has(stranger.id)).toBe(false);
  expect(others.has(first.id)).toBe(false);
  const percent = items.map(({ similarity }) => similarity);
  expect(percent).toEqual(percent.toSorted((a, b) => b - a));
});

test("F035: companies are found by their name, whatever stands behind it", async () => {
  const bus = await startBus(customers);
  const company = { kind: "company" as const };
  const first = await make(bus, { ...company, businessName: "Ñandú Seguros, S.L." });
  const second = await make(bus, { ...company, businessName: "Seguros Nandu" });

  const seen = (await found(bus, first.id)).get(second.id);

  expect(seen).toMatchObject({ matched: [{ field: "name", score: 100 }] });
});

test("F035: who wrote a message is found by it", async () => {
  const bus = await startBus(customers);
  const known = await make(bus, { ...rare, lastName: "Mendizabal" });
  const [sender] = await bus.call("customers.resolve", {
    senders: [{ type: "email", value: "jm@similar.example.com", name: "Jimena Mendizábal" }],
  });

  expect((await found(bus, known.id)).has(sender!.customerId!)).toBe(true);
});

test("F035: an edit is found by what it says now, a disabled or merged customer is not", async () => {
  const bus = await startBus(customers);
  const own = { firstName: "Otilia", lastName: "Garramendi", birthDate: "1970-02-02" };
  const first = await make(bus, own);
  const second = await make(bus, { firstName: "Nobody", lastName: "Else" });
  const gone = await make(bus, own);
  const changes = { id: second.id, version: 1, ...own };

  await bus.call("customers.change", changes, agent);
  expect([...(await found(bus, first.id)).keys()].toSorted()).toEqual(
    [second.id, gone.id].toSorted(),
  );

  await bus.call("customers.change", { id: gone.id, version: 1, disabled: true }, agent);
  expect([...(await found(bus, first.id)).keys()]).toEqual([second.id]);
  expect([...(await found(bus, gone.id)).keys()].toSorted()).toEqual(
    [first.id, second.id].toSorted(),
  );

  const merged = { $set: { mergedInto: first.id } } as object;
  await table.native().updateOne({ _id: second.id }, merged);
  expect(await similarTo(bus, first.id)).toEqual([]);
});

test("F035: refusals: an unknown customer is 404, a bad limit 422", async () => {
  const bus = await startBus(customers);
  const { id } = await make(bus, { firstName: "Ada" });

  await expect(similarTo(bus, "unknown")).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  for (const limit of [0, 201, 1.5]) {
    await expect(bus.call("customers.similar", { id, limit }, agent)).rejects.toMatchObject({
      code: 422,
      data: { errors: [{ path: "limit" }] },
    });
  }
  expect((await bus.call("customers.similar", { id, limit: 200 }, agent)).items).toEqual([]);
});

test("F035: a common name leads to some, not to all, and reads the index alone", async () => {
  await startBus(customers);
  const many = Array.from({ length: 400 }, (_, index) =>
    bare({ firstName: "Ana", lastName: "Crowd" }, index),
  );
  await table.native().insertMany(many.map((one) => keptWith(one, lookupsOf(one))));
  const key = "n:an krbd|";

  const [hits] = await store.sharing([key], 100);
  const plan = await table
    .native()
    .find({ likenessKeys: { $regex: String.raw`^n\:an\ krbd\|` } }, { projection: { _id: 1 } })
    .limit(100)
    .explain("executionStats");

  expect(hits).toMatchObject({ key });
  expect(hits!.ids).toHaveLength(100);
  expect(plan["executionStats"]).toMatchObject({ totalDocsExamined: 0, totalKeysExamined: 100 });
});

/** A customer as the rules make it, not kept yet. */
function bare(draft: Partial<Draft>, index: number) {
  const id = `bare-${String(index).padStart(6, "0")}-${String((used += 1))}`;
  const stamp = { id, newId: () => id, at: new Date(), by: "test" };
  return create({ kind: "person", tags: [], ...draft }, stamp);
}

test("F035, P15: customers from before get their keys; a backfill that was ended goes on", async () => {
  const bus = await startBus(customers);
  const twins = [1, 2].map((index) =>
    bare({ firstName: "Ulpiano", lastName: "Vetusto", birthDate: "1930-05-06" }, index),
  );
  const old = [
    ...twins,
    ...Array.from({ length: 450 }, (_, index) =>
      bare({ firstName: "Vetus", lastName: `Older${String(index)}` }, index),
    ),
  ];
  const withoutKeys = ({ likenessKeys: _none, ...lookups }: ReturnType<typeof lookupsOf>) =>
    lookups;
  await table.native().insertMany(old.map((one) => keptWith(one, withoutKeys(lookupsOf(one)))));
  await backfills.native().deleteMany({});
  const first = old.toSorted((a, b) => (a.id < b.id ? -1 : 1))[199]!;
  await store.keepProgress({ revision: 1, afterId: first.id, done: false });

  const ended = new AbortController();
  ended.abort();
  expect(await fillIn(ended.signal)).toBe(0);
  const filled = await fillIn(new AbortController().signal);

  expect(filled).toBeGreaterThanOrEqual(450);
  expect(await store.keyless(1)).toEqual([]);
  expect(await store.progress()).toMatchObject({ revision: 1, done: true });
  const [kept] = await table.native().find({ _id: old[7]!.id }).toArray();
  expect(kept).toMatchObject({ version: 1, likenessKeys: lookupsOf(old[7]!).likenessKeys });
  expect(await fillIn(new AbortController().signal)).toBe(0);
  expect((await found(bus, twins[0]!.id)).has(twins[1]!.id)).toBe(true);
});
