/** Workbooks that users import: `POST /imports` (F210-F213). */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { ImportOptions, importBytes } from "#shared/contracts/imports/import.ts";
import {
  conflict,
  invalid,
  invalidField,
  isRefusal,
  tooLarge,
  unavailable,
  type FieldFault,
} from "#shared/errors.ts";
import { id, optional, record } from "#shared/fields.ts";
import { outsideChecker } from "#shared/validation.ts";
import { readJson } from "../body.ts";
import type { Door } from "../door.ts";
import { fewAtOnce } from "./few-at-once.ts";
import { partsOf, type FormPart } from "./multipart.ts";

/** A large workbook is read, row by row, before it is answered. */
const uploadTimeoutMs = 60_000;
/** What the form says beside the file. */
const othersBytes = 256 * 1024;

/** Each waits in memory as a whole: so many at once in this process. */
const enter = fewAtOnce(4, "Other workbooks are being uploaded", 2);

/** @throws 400 · 409 IDEMPOTENCY_KEY_REUSED · 413 · 422 naming the part, or the field of it */
export const createImport: Door = async ({ headers, stream }, call) => {
  if (!stream) throw invalidField("file", "is required", "required");
  const leave = enter();
  try {
    if (Number(headers["content-length"] ?? 0) > importBytes + othersBytes) throw beyond();
    const parts = partsOf(await wholeOf(stream), String(headers["content-type"]));
    const { file, campaignId, options } = formOf(parts);
    const fileName = nameOf(file);
    const asked = { campaignId, fileName, options, maxBytes: importBytes };
    const sent = { stream: piecesOf(file.content), timeout: uploadTimeoutMs };
    const { import: made, sha256 } = await call("imports.upload", asked, sent);
    const digest = createHash("sha256").update(file.content).digest("hex");
    if (sha256 !== digest || made.campaignId !== campaignId) throw otherContent();
    return { status: 202, headers: { location: `/api/v1/imports/${made.id}` }, body: made };
  } catch (error) {
    stream.resume(); // so that the connection serves the next request
    throw error;
  } finally {
    leave();
  }
};

const beyond = () => tooLarge(`A workbook may have at most ${String(importBytes)} bytes`);

/** The same key was sent with another file before. */
const otherContent = () =>
  conflict("IDEMPOTENCY_KEY_REUSED", "This key was sent with another request; take a new one");

async function wholeOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > importBytes + othersBytes) reject(beyond());
      else chunks.push(chunk);
    });
    stream.once("end", resolve);
    stream.once("error", reject);
    stream.once("close", () => {
      reject(unavailable("The file did not arrive whole"));
    });
  });
  return Buffer.concat(chunks);
}

const check = outsideChecker({ campaignId: id, options: optional(record(ImportOptions)) });
const defaults = outsideChecker(ImportOptions);

function formOf(parts: readonly FormPart[]) {
  const known = ["file", "campaignId", "options"];
  const names = parts.map(({ name }) => name);
  const faults = names.flatMap((name, place): FieldFault[] => {
    const path = name.slice(0, 200);
    if (!known.includes(name)) {
      return [{ path, message: "is not a known field", code: "unknownField" }];
    }
    if (names.indexOf(name) === place) return [];
    return [{ path, message: "must not stand in the form twice", code: "twice" }];
  });
  if (faults.length > 0) throw invalid(faults);
  const part = (name: string) => parts.find((one) => one.name === name);
  const [file, campaign, options] = [part("file"), part("campaignId"), part("options")];
  if (!file) throw invalidField("file", "is required", "required");
  if (file.content.length > importBytes) throw beyond();
  const said = check({
    ...(campaign ? { campaignId: campaign.content.toString("utf8").trim() } : {}),
    ...(options ? { options: optionsIn(options) } : {}),
  });
  return { file, campaignId: said.campaignId, options: said.options ?? defaults({}) };
}

/** A part of a form that is no JSON is no syntax error of the request, but of this field. */
function optionsIn({ content }: FormPart): unknown {
  try {
    return readJson(content);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw invalidField("options", "must be a JSON object", "json");
  }
}

/** The name without folders and control characters. */
function nameOf({ fileName = "" }: FormPart): string {
  const plain = fileName
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, " ")
    .split(/[/\\]/)
    .at(-1)
    ?.trim()
    .slice(0, 200)
    .toWellFormed();
  return plain || "import.xlsx";
}

const pieceBytes = 64 * 1024;

const piecesOf = (content: Buffer): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(content.length / pieceBytes) }, (_, place) =>
      content.subarray(place * pieceBytes, (place + 1) * pieceBytes),
    ),
    { objectMode: false },
  );
