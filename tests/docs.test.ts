/** The documents keep their word: links lead somewhere, settings, routes and features are true. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { readConfig } from "#shared/config.ts";
import type { Contract } from "#shared/contract.ts";
import { contracts } from "#shared/contracts/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");
const files = (pattern: string) =>
  globSync(pattern, { cwd: root, exclude: (name) => /^(node_modules|\.\w+)$/.test(name) });

const captured = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = ""]) => found);

/** The rows of all tables, cell by cell, without the marks of code. */
const rowsOf = (text: string): string[][] =>
  captured(text, /^\|(.*)\|$/gm).map((row) =>
    row.split("|").map((cell) => cell.trim().replaceAll("`", "")),
  );

/** The anchors of a document's headings, as GitHub makes them. */
const anchorsOf = (text: string): string[] =>
  captured(text, /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );

function isThere(document: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path ? join(dirname(document), path) : document;
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(read(target)).includes(anchor);
}

test("every link between the documents leads somewhere", () => {
  const documents = [...files("*.md"), ...files("docs/**/*.md")];

  const broken = documents.flatMap((document) =>
    captured(read(document), /\]\(([^)\s]+)\)/g)
      .filter((link) => !/^https?:/.test(link) && !isThere(document, link))
      .map((link) => `${document}: ${link}`),
  );

  expect(documents).toContain("README.md");
  expect(broken).toEqual([]);
});

test("every setting stands in operations.md, with its default", () => {
  const names = captured(read("shared/config.ts"), /^ {2}([A-Z][A-Z_]+):/gm);
  const defaults = readConfig({}) as Record<string, string | number | undefined>;

  const told = new Map(rowsOf(read("docs/operations.md")).map(([name, value]) => [name, value]));

  expect(names).toContain("PORT");
  expect(Object.fromEntries(names.map((name) => [name, told.get(name)]))).toEqual(
    Object.fromEntries(names.map((name) => [name, String(defaults[name] ?? "")])),
  );
});

test("api.md lists every route, and none that there is not", () => {
  const published = Object.values<Contract>(contracts).flatMap(({ actions, doors = {} }) =>
    [...Object.values(actions), ...Object.values(doors)].flatMap(({ rest }) =>
      rest ? [rest.replaceAll(/:(\w+)/g, "{$1}")] : [],
    ),
  );
  const [, table = ""] = read("docs/api.md").split("## All routes");

  const told = rowsOf(table).flatMap(([route = ""]) => (/^[A-Z]+ \//.test(route) ? [route] : []));

  expect(told.sort()).toEqual(published.sort());
});

test("a feature that is said to work is named by a test", () => {
  const named = new Set(files("**/*.test.ts").flatMap((file) => namesIn(read(file))));
  const rows = rowsOf(read("docs/features.md")).filter(([id = ""]) => /^[FGDB]\d+$/.test(id));
  const works = rows.filter(([, , state = ""]) => state.startsWith("works"));

  const unproven = works.flatMap(([id = "", , state = ""]) => {
    const [, pointed = id] = /^works \(with (\w+)\)$/.exec(state) ?? [];
    return named.has(pointed) || state === "works (by design)" ? [] : [id];
  });

  expect(works.length).toBeGreaterThan(0);
  expect(unproven).toEqual([]);
});

/** The features that a file's tests are named by; "F060-F062" are three. */
function namesIn(text: string): string[] {
  const titles = captured(text, /\btest(?:\.each\([^)]*\))?\(\s*["`]([^"`]*)/g).join(" ");
  return [...titles.matchAll(/\b([FGDB])(\d+)(?:-[FGDB]?(\d+))?/g)].flatMap(
    ([, kind = "", first = "", last = first]) =>
      Array.from(
        { length: Number(last) - Number(first) + 1 },
        (_, index) => kind + String(Number(first) + index).padStart(first.length, "0"),
      ),
  );
}
