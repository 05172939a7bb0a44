/** One route as the API's description shows it: what it takes and what it answers. */
import type { Field, Shape } from "#shared/fields.ts";
import { isRequired, schemaOfField, schemaOfShape, type JsonSchema } from "#shared/json-schema.ts";
import { problemsOf } from "./openapi-problems.ts";
import type { Refer } from "./openapi-shapes.ts";
import { base, readsQuery, type Route } from "./routes.ts";

const request = "request";

/** The operation of a route. */
export function operationOf(route: Route, refer: Refer): JsonSchema {
  const { name, contract } = route;
  const { needs } = contract;
  const body = bodyOf(route, refer);
  return {
    operationId: name,
    tags: [name.split(".")[0]],
    summary: contract.says,
    description: describedBy(needs),
    ...(needs === "nobody" ? { security: [] } : { security: [{ bearer: [] }] }),
    parameters: [...pathParameters(route), ...queryParameters(route, refer), ...headersOf(route)],
    ...(body ? { requestBody: body } : {}),
    responses: { ...successesOf(route, refer), ...problemsOf(route) },
  };
}

function describedBy(needs: string): string {
  if (needs === "nobody") return "Public: no sign-in.";
  return needs === "anybody" ? "For every signed-in user." : `Needs the permission \`${needs}\`.`;
}

// ── What it takes ────────────────────────────────────────────────────────────

const pathParameters = ({ pathNames, shape }: Route): JsonSchema[] =>
  pathNames.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: schemaOfField(shape[name] as Field<unknown>, { of: request }),
  }));

/** Everything but what stands in the path. */
const others = ({ shape, pathNames }: Route): Shape =>
  Object.fromEntries(Object.entries(shape).filter(([name]) => !pathNames.includes(name)));

function queryParameters(route: Route, refer: Refer): JsonSchema[] {
  if (!readsQuery(route)) return [];
  const as = { of: request, refer: refer(request) } as const;
  return Object.entries(others(route)).map(([name, field]) => ({
    name,
    in: "query",
    required: isRequired(field, as),
    schema: schemaOfField(field, as),
    ...(field.type === "array" ? { style: "form", explode: false } : {}),
  }));
}

function headersOf({ contract, method, path }: Route): JsonSchema[] {
  const { guarded } = contract;
  const statuses: readonly number[] = contract.statuses ?? [];
  const taken: [boolean, JsonSchema][] = [
    [guarded !== undefined, ifMatch(guarded === "required")],
    [method === "POST" && !path.startsWith(`${base}/auth/`), idempotencyKey],
    [statuses.includes(202), prefer],
    [statuses.includes(206), range],
  ];
  return taken.flatMap(([takes, header]) => (takes ? [header] : []));
}

/** Without a pattern: a tag that none of ours looks like is 412, as a stale one is. */
const ifMatch = (required: boolean): JsonSchema => ({
  name: "If-Match",
  in: "header",
  required,
  description: "The version that was read, as its `ETag` gave it.",
  schema: { type: "string" },
  example: '"3"',
});

const idempotencyKey: JsonSchema = {
  name: "Idempotency-Key",
  in: "header",
  description: "The same key and body again answer the first answer; kept for 24 hours.",
  schema: { type: "string", pattern: "^[!-~]{1,255}$" },
};

const prefer: JsonSchema = {
  name: "Prefer",
  in: "header",
  description: "`respond-async` answers 202 at once; `wait=N` waits N seconds (0-30) for the case.",
  schema: { type: "string" },
};

const range: JsonSchema = {
  name: "Range",
  in: "header",
  description: "One range of bytes, such as `bytes=0-999`.",
  schema: { type: "string" },
};

function bodyOf(route: Route, refer: Refer): JsonSchema | undefined {
  const { consumes } = route;
  if (consumes !== "application/json") {
    return {
      required: true,
      content: { [consumes]: { schema: { type: "string", format: "binary" } } },
    };
  }
  if (readsQuery(route)) return undefined;
  const shape = others(route);
  if (Object.keys(shape).length === 0) return undefined;
  const as = { of: request, refer: refer(request) } as const;
  const object = as.refer(shape) ?? schemaOfShape(shape, as);
  return {
    required: Object.values(shape).some((field) => isRequired(field, as)),
    content: {
      [consumes]: {
        // A list alone stands for `{ items }`.
        schema: shape["items"] ? { anyOf: [schemaOfField(shape["items"], as), object] } : object,
      },
    },
  };
}

// ── What it answers ──────────────────────────────────────────────────────────

function successesOf(route: Route, refer: Refer): Record<string, JsonSchema> {
  const { contract } = route;
  const statuses = contract.statuses ?? [route.statusOf(undefined)];
  const content = contentOf(route, refer);
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: meanings[status] ?? "Done.",
        ...(status === 204 || !content ? {} : { content }),
      },
    ]),
  );
}

const meanings: Readonly<Record<number, string>> = {
  200: "The answer.",
  201: "Made.",
  202: "Taken in; what becomes of it is told later.",
  204: "Done; there is nothing to tell.",
  206: "The part that was asked for.",
  207: "One outcome for each.",
};

function contentOf(
  { contract: { produces, returns } }: Route,
  refer: Refer,
): JsonSchema | undefined {
  if (produces?.startsWith("text/")) return { [produces]: { schema: { type: "string" } } };
  if (produces) return { [produces]: { schema: { type: "string", format: "binary" } } };
  if (!returns) return undefined;
  const schema = schemaOfField(returns, { of: "answer", refer: refer("answer") });
  return { "application/json": { schema } };
}
