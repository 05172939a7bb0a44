/** Forms with files (`multipart/form-data`, RFC 7578), small enough to be read as a whole. */
import { isUtf8 } from "node:buffer";
import { malformed } from "#shared/errors.ts";

export interface FormPart {
  name: string;
  /** As the sender calls the file; parts without are plain values. */
  fileName?: string;
  content: Buffer;
}

const mostParts = 20;
const mostHeaderBytes = 4_096;

/**
 * The parts of a form, in their order.
 * @throws 400 for what is no such form
 */
export function partsOf(body: Buffer, contentType: string): FormPart[] {
  const delimiter = Buffer.from(`--${boundaryOf(contentType)}`);
  const parts: FormPart[] = [];
  let at = body.indexOf(delimiter);
  for (;;) {
    if (at < 0) throw noForm();
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString("latin1") === "--") return parts;
    const head = endOfLine(body, start);
    const blank = body.indexOf("\r\n\r\n", head - 2);
    if (blank < 0 || blank - head > mostHeaderBytes || parts.length === mostParts) throw noForm();
    at = body.indexOf(Buffer.concat([newLine, delimiter]), blank + 2);
    if (at < 0) throw noForm();
    const content = body.subarray(Math.min(blank + 4, at), at);
    parts.push({ ...namesIn(body.subarray(head, blank)), content });
    at += newLine.length;
  }
}

const newLine = Buffer.from("\r\n");

const noForm = () => malformed("The body is not a form of the kind multipart/form-data");

function boundaryOf(contentType: string): string {
  const [, quoted, plain] =
    /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!boundary) throw malformed("The form's boundary is missing");
  return boundary;
}

/** White space may follow a delimiter. */
function endOfLine(body: Buffer, start: number): number {
  const end = body.indexOf(newLine, start);
  if (end < 0 || body.subarray(start, end).toString("latin1").trim() !== "") throw noForm();
  return end + newLine.length;
}

function namesIn(head: Buffer): Pick<FormPart, "name" | "fileName"> {
  if (!isUtf8(head)) throw noForm();
  const lines = head.toString("utf8").split("\r\n");
  const disposition =
    lines.find((line) => /^content-disposition:\s*form-data\s*;/i.test(line)) ?? "";
  const name = parameter(disposition, "name");
  if (name === undefined) throw noForm();
  const fileName = parameter(disposition, "filename");
  return { name, ...(fileName === undefined ? {} : { fileName }) };
}

/** Browsers write quotes and line breaks in names as %22, %0D and %0A. */
function parameter(disposition: string, name: string): string | undefined {
  const [, value] = new RegExp(`;\\s*${name}="([^"]*)"`, "i").exec(disposition) ?? [];
  return value?.replaceAll(/%(22|0D|0A)/gi, " ");
}
