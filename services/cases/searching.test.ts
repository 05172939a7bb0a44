/** Searches of cases (F127, D13): what is found by which words, and by relevance. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import { day, startCases, type Params } from "./lists.samples.ts";

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
  const walk = async (asked: Params) => {
    const walked: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await list({ sort: "relevance", limit: 2, ...asked, ...(cursor && { cursor }) });
      walked.push(...page.items.map(({ subject }) => String(subject).slice(0, 1)));
      cursor = page.nextCursor;
    }
    return walked.join("");
  };

  expect(await walk({ q: "880001" })).toBe("ac8b");
  expect(await walk({ q: "#880001" })).toBe("a");
  expect(await walk({ q: "nunez 880001" })).toBe("c");
  expect((await list({ q: "880001", sort: "relevance", count: true })).total).toBe(4);
});
