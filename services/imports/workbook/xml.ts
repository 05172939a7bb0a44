/** Reads XML as it arrives: no document type, no entities but XML's own, nothing endless. */
import { SaxesParser } from "saxes";
import { isRefusal, tooLarge } from "#shared/errors.ts";
import { unreadable } from "./archive.ts";

export interface Handler {
  /** @param attributes by their names without prefixes */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** So much without a tag's end is no text that anybody wrote. */
const longestSilence = 4 * 1024 * 1024;

/**
 * Hands what XML says to a handler; yields after each piece, so that whoever asks can take what came.
 * @throws 422 VALIDATION_ERROR at `file` for what is no XML, or has a document type; 413 TOO_LARGE
 */
export async function* parsed(
  bytes: AsyncIterable<Buffer>,
  handler: Handler,
): AsyncGenerator<undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const { parser, heard } = parserFor(handler);
  let silence = 0;
  for await (const chunk of bytes) {
    silence = heard() ? chunk.length : silence + chunk.length;
    if (silence > longestSilence) throw tooLarge("A cell of the workbook is too long");
    fed(() => parser.write(decoder.decode(chunk, { stream: true })));
    yield;
  }
  fed(() => parser.write(decoder.decode()).close());
  yield;
}

function parserFor(handler: Handler) {
  const parser = new SaxesParser({ fragment: false, xmlns: false });
  let any = false;
  parser.on("error", () => {
    throw noXml();
  });
  parser.on("doctype", () => {
    throw unreadable("must not have a document type (DTD)", "doctype");
  });
  parser.on("opentag", ({ name, attributes }) => {
    any = true;
    handler.open(local(name), withoutPrefixes(attributes));
  });
  parser.on("text", (text) => handler.text?.(text));
  parser.on("cdata", (text) => handler.text?.(text));
  parser.on("closetag", ({ name }) => {
    any = true;
    handler.close?.(local(name));
  });
  const heard = (): boolean => {
    const before = any;
    any = false;
    return before;
  };
  return { parser, heard };
}

const noXml = () => unreadable("is damaged: a part of it cannot be read", "damaged");

function fed(feed: () => unknown): void {
  try {
    feed();
  } catch (error) {
    throw isRefusal(error) ? error : noXml();
  }
}

const local = (name: string): string => name.slice(name.indexOf(":") + 1);

const withoutPrefixes = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [local(name), value]));

/** Reads all of it at once, for the small parts. */
export async function readAll(bytes: AsyncIterable<Buffer>, handler: Handler): Promise<void> {
  const pieces = parsed(bytes, handler);
  while (!(await pieces.next()).done);
}
