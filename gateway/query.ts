/** Query strings, read flat: `a[b]=1` is a name with brackets in it, never an object. */
import { malformed } from "#shared/errors.ts";
import type { Field, Shape } from "#shared/fields.ts";
import { isHostile } from "./body.ts";

/**
 * The pairs of a query string (what follows `?`).
 * @throws 400 for a repeated or hostile name and for broken escapes
 */
export function readQuery(query: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    if (isHostile(name)) throw malformed("A parameter has a name that is not allowed");
    if (Object.hasOwn(pairs, name)) throw malformed(`The parameter ${name} stands there twice`);
    pairs[name] = equals < 0 ? "" : decoded(pair.slice(equals + 1));
  }
  return pairs;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw malformed("The query is not properly encoded");
  }
}

/** Turns texts into what the contract's fields are; what cannot be turned stays, to be refused. */
export function typed(pairs: Record<string, string>, shape: Shape): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(pairs)) {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    values[name] = field ? valueOf(text, field) : text;
  }
  return values;
}

function valueOf(text: string, field: Field<unknown>): unknown {
  switch (field.type) {
    case "number":
      return /^-?\d{1,15}(\.\d{1,10})?$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "array":
      return text === ""
        ? []
        : text.split(",").map((item) => valueOf(item, field["items"] as Field<unknown>));
    default:
      return text;
  }
}
