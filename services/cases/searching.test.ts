/** Searches of cases (F127, D13): what is found by which words, and by relevance. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { matchOf } from "./lists.rules.ts";
import { day, startCases, type Params } from "./lists.samples.ts";
import { searchWordsOf, soughtIn } from "./search.rules.ts";

const named: Partial<Case>[] = [
  { subject: "Router", customerName: "José Ñuñez", customerDocument: "CC 79123", number: 700_001 },
  { subject: "Invoice", customerName: "Ada", description: "duplicada en mayo", number: 70_000 },
  { subject: "Routing", customerName: "Grace", number: 7_000 },
];

const searches: Record<string, string[]> = {
  rout: ["Router", "Routing"], // a title, from its beginning
  outer: [],
  "JOSE nunez": ["Router"],
  "79123": ["Router"], // a document
  duplicada: ["Invoice"],
  "7000": ["Routing"], // a number, whole
  "#70000": ["Invoice"],
  "# 7000 ": ["Routing"],
  "700001 router": ["Router"],
  "700001 invoice": [],
  "rout grace": ["Routing"],
  "%.*\\$": [],
};

test("F127: a case is found by number, name, document, title and description", async () => {
  const { subjects } = await startCases(...named);

  const found: Record<string, string[]> = {};
  for (const q of Object.keys(searches)) found[q] = (await subjects({ q })).sort();

  expect(found).toEqual(searches);
});

test("F127: any text gets an answer, and soon", async () => {
  const { list } = await startCases({ subject: "Router" });
  const texts = ["(a+)+$", "a".repeat(200), "\u0301".repeat(200), "🙂 ".repeat(60), "٣٤٥", "$ne"];

  for (const q of texts) {
    const before = performance.now();
    const page = await list({ q });
    expect(page.items).toEqual([]);
    expect(performance.now() - before).toBeLessThan(2_000);
  }
});

const found: Partial<Case>[] = [
  { subject: "a", number: 880_001, description: "x", createdAt: day(1) },
  { subject: "880001 again", number: 880_002, description: "x", createdAt: day(2) },
  { subject: "b", number: 880_003, description: "mentions 880001", createdAt: day(4) },
  { subject: "c", number: 880_004, customerName: "Núñez 880001", createdAt: day(3) },
  { subject: "d", number: 8_800_010, description: "x", createdAt: day(5) },
];

test("F127, D13: by relevance comes the number, then names and titles, then the rest", async () => {
  const { list } = await startCases(...found);
  const walk = async (asked: Params) =>
    (await walked(list, { limit: 2, ...asked }))
      .map(({ subject }) => String(subject).slice(0, 1))
      .join("");

  expect(await walk({ q: "880001" })).toBe("ac8b");
  expect(await walk({ q: "#880001" })).toBe("a");
  expect(await walk({ q: "nunez 880001" })).toBe("c");
  expect((await list({ q: "880001", sort: "relevance", count: true })).total).toBe(4);
});

test("F127, D13: what many cases answer comes in the same order as what few do", async () => {
  const texts = ["ombra", "ombrascura", "sole"];
  const many = Array.from({ length: 240 }, (_, place): Partial<Case> => {
    const [subject, description, customerName] = [place, place + 1, Math.floor(place / 3)].map(
      (one) => texts[one % 3],
    ) as [string, string, string];
    const rare = place % 60 === 7 ? " alba" : "";
    return { subject: subject + rare, description, customerName, createdAt: day(1 + (place % 28)) };
  });
  const { list } = await startCases(...many);

  for (const q of ["ombra", "ombra sole", "ombra alba"]) {
    const shown = await walked(list, { q, limit: 50 });

    const told = shown.map((kase) => matchOf(searchWordsOf(kase), soughtIn(q)));
    expect(told).toEqual([...told].sort()); // "named" comes before "told"
    const newest = [...shown].sort((a, b) => Number(b.createdAt) - Number(a.createdAt));
    for (const match of ["named", "told"]) {
      const among = (all: Case[]) =>
        all.filter((kase) => matchOf(searchWordsOf(kase), soughtIn(q)) === match);
      expect(among(shown).map(({ createdAt }) => createdAt)).toEqual(
        among(newest).map(({ createdAt }) => createdAt),
      );
    }
    const all = many.filter((kase) =>
      matchOf(searchWordsOf({ number: 1, ...kase } as Case), soughtIn(q)),
    );
    expect(shown).toHaveLength(all.length);
  }
});

/** All pages of a search by relevance. */
async function walked(
  list: (asked: Params) => Promise<{ items: Case[]; nextCursor: string | null }>,
  asked: Params,
): Promise<Case[]> {
  const all: Case[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await list({ sort: "relevance", ...asked, ...(cursor && { cursor }) });
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}
