/** What is asked of the customers, and the lookup by the driver that each stands beside. */
import type { Document } from "mongodb";
import type { Broker, Contracts } from "#shared/bus.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { encodeCursor } from "#shared/cursor.ts";
import type { Sent } from "#shared/fields.ts";
import type { Opened } from "./customers-kept.ts";
import { cameAt, person } from "./customers-people.ts";

export interface Case {
  what: string;
  /** Asks the service. */
  ask: () => Promise<unknown>;
  /** Asks MongoDB for the same by the driver, told which index to enter by. */
  raw: () => Promise<unknown>;
}

type Asked = Sent<Contracts["customers"]["actions"]["list"]["params"]>;
interface Lookup {
  filter: Document;
  hint: string;
  sort: Record<string, 1 | -1>;
}

const newest = { _id: -1 } as const;
const lookupOf = (filter: Document, hint: string, sort: Lookup["sort"] = newest): Lookup => ({
  filter: { ...filter, disabled: false },
  hint,
  sort,
});
const starting = (...words: string[]) => ({
  $and: words.map((word) => ({
    searchWords: { $regex: `^${word.replaceAll(".", String.raw`\.`)}` },
  })),
});
const paired = (pair: string, ...words: string[]) => ({
  searchWords: `&${pair}`,
  ...starting(...words),
});

type Listed = (what: string, ...questions: [Asked, Lookup][]) => Case;

/** Every question, each for many different customers or words. */
export function casesOf(broker: Broker, kept: Opened, count: number): Case[] {
  const listed: Listed = (what, ...questions) => ({
    what,
    ask: inTurn(
      questions.map(
        ([asked]) =>
          () =>
            broker.call("customers.list", asked),
      ),
    ),
    raw: inTurn(
      questions.map(
        ([, lookup]) =>
          () =>
            find(kept, lookup),
      ),
    ),
  });
  const some = Array.from({ length: 200 }, (_, index) => person((index * 7_919) % count));
  const emails = valuesOf(some, "email");
  const senders = emails.map((value) => [{ type: "email" as const, value }]);
  return [
    ...names(listed),
    ...addresses(listed, some),
    listed("the first page", [{}, lookupOf({}, "_id_")]),
    deep(listed, count),
    ...narrowed(listed),
    ...timed(listed, count),
    ...ordered(listed),
    {
      what: "who a message is from",
      ask: inTurn(senders.map((one) => () => broker.call("customers.resolve", { senders: one }))),
      raw: inTurn(emails.map((value) => () => ownerOf(kept, `email:${value}`))),
    },
  ];
}

const searches = (words: readonly string[], hint = "words"): [Asked, Lookup][] =>
  words.map((q) => [{ q }, lookupOf(starting(q), hint)]);

/** Words of names; common ones are met soonest by walking, together by the pair they make. */
const names = (listed: Listed): Case[] => [
  listed("one rare word", ...searches(["bacedi", "zuxote", "gulame", "ponisa", "tevixo"])),
  listed("one word of a few in a thousand", ...searches(["hoyos", "greta", "fajardo", "daza"])),
  listed(
    "one common word",
    ...searches(["maria", "garcia", "jose", "rodriguez", "juan", "martinez"], "_id_"),
  ),
  listed(
    "two common words",
    [{ q: "maria garcia" }, lookupOf(paired("gar mar", "maria", "garcia"), "words")],
    [{ q: "jose rodriguez" }, lookupOf(paired("jos rod", "jose", "rodriguez"), "words")],
    [{ q: "lopez juan" }, lookupOf(paired("jua lop", "lopez", "juan"), "words")],
  ),
  listed(
    "three words that hardly anybody has together",
    [{ q: "carlos juan luis" }, lookupOf(paired("jua lui", "carlos", "juan", "luis"), "words")],
    [{ q: "rosa diego jorge" }, lookupOf(paired("die ros", "rosa", "diego", "jorge"), "words")],
    [{ q: "pedro laura ana" }, lookupOf(paired("lau ped", "pedro", "laura", "ana"), "words")],
  ),
];

const addresses = (listed: Listed, some: Customer[]): Case[] => [
  listed("a document", ...searches(some.flatMap(({ documentNumber }) => documentNumber ?? []))),
  listed("a phone", ...searches(valuesOf(some, "mobile").map((value) => value.slice(1)))),
  listed("an e-mail", ...searches(valuesOf(some, "email").map((value) => value.slice(0, 40)))),
];

const valuesOf = (some: Customer[], wanted: string): string[] =>
  some.flatMap(({ contactPoints }) =>
    contactPoints.flatMap(({ type, value }) => (type === wanted ? [value] : [])),
  );

const pageRows = 50;

/** The page after ten thousand others, or as far down as there are customers. */
function deep(listed: Listed, count: number): Case {
  const pages = Math.min(10_000, Math.floor(count / 2 / pageRows));
  const { id } = person(count - pages * pageRows);
  return listed(`the page after ${String(pages)} others`, [
    { cursor: encodeCursor([id]) },
    lookupOf({ _id: { $lt: id } }, "_id_"),
  ]);
}

const narrowed = (listed: Listed): Case[] => [
  listed("a rare tag", [{ tag: ["vip"] }, lookupOf({ tags: "vip" }, "tags")]),
  listed("a common tag", [{ tag: ["newsletter"] }, lookupOf({ tags: "newsletter" }, "tags")]),
  listed("two tags", [
    { tag: ["newsletter", "vip"] },
    lookupOf({ $and: [{ tags: "vip" }, { tags: "newsletter" }] }, "tags"),
  ]),
  listed("a common word and a tag", [
    { q: "maria", tag: ["vip"] },
    lookupOf({ tags: "vip", ...starting("maria") }, "tags"),
  ]),
  listed(
    "an owner",
    ...Array.from({ length: 200 }, (_, index): [Asked, Lookup] => {
      const ownerId = `user-${String(index)}`;
      return [{ ownerId }, lookupOf({ "owners.userId": ownerId }, "owners")];
    }),
  ),
  listed("companies", [{ kind: "company" }, lookupOf({ kind: "company" }, "companies")]),
  listed("the disabled", [
    { disabled: "true" },
    { filter: { disabled: true }, hint: "disabled", sort: newest },
  ]),
];

const latest = (field: string): Lookup["sort"] => ({ [field]: -1, _id: -1 });

/** Half a day among the older ones. */
function timed(listed: Listed, count: number): Case[] {
  const from = cameAt(Math.floor(count * 0.6));
  const to = new Date(from.getTime() + 12 * 3_600_000);
  const between = { $gte: from, $lte: to };
  return [
    listed("created within half a day", [
      { createdFrom: from, createdTo: to },
      lookupOf({ _id: { $gte: idAt(from), $lte: idAt(to) }, createdAt: between }, "_id_"),
    ]),
    listed("updated within half a day", [
      { updatedFrom: from, updatedTo: to, sort: "-updated" },
      lookupOf({ updatedAt: between }, "updated", latest("updatedAt")),
    ]),
    listed("last interaction within half a day", [
      { lastInteractionFrom: from, lastInteractionTo: to, sort: "-lastInteraction" },
      lookupOf({ lastInteractionAt: between }, "lastInteraction", latest("lastInteractionAt")),
    ]),
  ];
}

const byName = { sortName: 1, _id: 1 } as const;

const ordered = (listed: Listed): Case[] => [
  listed("by name", [{ sort: "name" }, lookupOf({}, "name", byName)]),
  listed("by name, of a rare tag", [
    { sort: "name", tag: ["vip"] },
    lookupOf({ tags: "vip" }, "tags", byName),
  ]),
  listed("by update", [{ sort: "-updated" }, lookupOf({}, "updated", latest("updatedAt"))]),
];

const idAt = (at: Date): string => {
  const time = at.getTime().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}`;
};

function inTurn(questions: (() => Promise<unknown>)[]): () => Promise<unknown> {
  let turn = 0;
  return () => (questions[turn++ % questions.length] as () => Promise<unknown>)();
}

const unread = { searchWords: 0, contactKeys: 0 } as const;

const find = ({ customers }: Opened, { filter, hint, sort }: Lookup): Promise<unknown> =>
  customers
    .find(filter, { hint, projection: unread })
    .sort(sort)
    .limit(pageRows + 1)
    .toArray();

async function ownerOf({ contactKeys, customers }: Opened, key: string): Promise<unknown> {
  const owned = await contactKeys.findOne({ _id: key });
  return customers.findOne({ _id: String(owned?.["customerId"]) });
}
