/** Request bodies: UTF-8 and JSON to the letter, and nothing in them that could be taken for more. */
import { isUtf8 } from "node:buffer";
import { invalidField, malformed } from "#shared/errors.ts";

const maxDepth = 20;
const hostile = new Set(["__proto__", "constructor", "prototype"]);

/** Whether a name could change what objects are. */
export const isHostile = (name: string): boolean => hostile.has(name);

/**
 * What a JSON body says; nothing at all says `{}`.
 * @throws 400 for bytes that are not UTF-8, text that is not JSON, hostile names;
 *   422 for objects nested deeper than 20
 */
export function readJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  if (!isUtf8(body)) throw malformed("The body is not UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw malformed("The body is not JSON");
  }
  inspect(value, 1);
  return value;
}

function inspect(value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > maxDepth) throw invalidField("", `must not nest deeper than ${maxDepth}`, "depth");
  if (Array.isArray(value)) {
    for (const item of value) inspect(item, depth + 1);
    return;
  }
  for (const name of Object.keys(value)) {
    if (hostile.has(name)) throw malformed("The body has a name that is not allowed");
    inspect((value as Record<string, unknown>)[name], depth + 1);
  }
}
