/** The small parts of a workbook: which sheet is the first, its texts, and which cells are dates. */
import { tooLarge } from "#shared/errors.ts";
import { unreadable, type Archive } from "./archive.ts";
import { showsDate } from "./dates.rules.ts";
import { readAll } from "./xml.ts";

/** All texts of a workbook are in memory while it is read. */
const mostCharacters = 60_000_000;
const mostStyles = 100_000;

export interface Parts {
  /** The entry of the first sheet. */
  sheet: string;
  /** The texts that cells refer to by their places. */
  texts: string[];
  /** Whether cells of a style hold dates, by its place. */
  dated: boolean[];
  from1904: boolean;
}

/** @throws 422 VALIDATION_ERROR at `file`; 413 TOO_LARGE */
export async function partsOf(archive: Archive): Promise<Parts> {
  const { relation, from1904 } = await firstSheet(archive);
  const targets = await relations(archive);
  const sheet = targets.get(relation);
  if (!sheet || !archive.has(sheet)) throw unreadable("has no sheet");
  return { sheet, from1904, texts: await textsOf(archive), dated: await datedOf(archive) };
}

async function firstSheet(archive: Archive): Promise<{ relation: string; from1904: boolean }> {
  const found = { relation: "", from1904: false };
  await readAll(archive.read("xl/workbook.xml"), {
    open(name, attributes) {
      const { date1904, id = "" } = attributes;
      if (name === "workbookPr") found.from1904 = date1904 === "1" || date1904 === "true";
      if (name === "sheet" && found.relation === "") found.relation = id;
    },
  });
  return found;
}

async function relations(archive: Archive): Promise<Map<string, string>> {
  const targets = new Map<string, string>();
  const entry = "xl/_rels/workbook.xml.rels";
  if (!archive.has(entry)) return targets;
  await readAll(archive.read(entry), {
    open(name, { Id, Target = "", TargetMode }) {
      if (name !== "Relationship" || !Id || TargetMode === "External") return;
      targets.set(Id, Target.startsWith("/") ? Target.slice(1) : `xl/${Target}`);
    },
  });
  return targets;
}

async function textsOf(archive: Archive): Promise<string[]> {
  const texts: string[] = [];
  if (!archive.has("xl/sharedStrings.xml")) return texts;
  let characters = 0;
  let [isText, isPhonetic, text] = [false, false, ""];
  await readAll(archive.read("xl/sharedStrings.xml"), {
    open(name) {
      if (name === "si") text = "";
      if (name === "rPh") isPhonetic = true;
      isText = name === "t" && !isPhonetic;
    },
    text(part) {
      if (isText) text += part;
    },
    close(name) {
      if (name === "t") isText = false;
      if (name === "rPh") isPhonetic = false;
      if (name !== "si") return;
      characters += text.length;
      if (characters > mostCharacters) throw tooLarge("The workbook has too much text");
      texts.push(text);
    },
  });
  return texts;
}

async function datedOf(archive: Archive): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const dated: boolean[] = [];
  if (!archive.has("xl/styles.xml")) return dated;
  let isOfCells = false;
  await readAll(archive.read("xl/styles.xml"), {
    open(name, { numFmtId = "0", formatCode }) {
      const format = Number(numFmtId);
      if (name === "cellXfs") isOfCells = true;
      else if (name === "numFmt") codes.set(format, formatCode ?? "");
      else if (name === "xf" && isOfCells) dated.push(showsDate(format, codes.get(format)));
      if (dated.length + codes.size > mostStyles) {
        throw tooLarge("The workbook has too many styles");
      }
    },
    close(name) {
      if (name === "cellXfs") isOfCells = false;
    },
  });
  return dated;
}
