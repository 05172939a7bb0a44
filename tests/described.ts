/** The API's description for tests: its operations by name, and what fits its schemas. */
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { JsonSchema } from "#shared/json-schema.ts";
import { openApi } from "../gateway/openapi.ts";

export interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required?: boolean; schema: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: JsonSchema }> }>;
  security: object[];
}

export const document = openApi();
export const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    operation: operation as unknown as Operation,
  })),
);
export const named = (operationId: string) =>
  operations.find(
    ({ operation }) => operation.operationId === operationId,
  ) as (typeof operations)[0];

const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true });
(addFormats as unknown as (to: Ajv2020) => void)(ajv);
ajv.addFormat("binary", true);
ajv.addKeyword("components");
ajv.addSchema({ $id: "api", components: document.components });
/** Checks against a schema of the document, whose references lead into it. */
export const fits = (schema: JsonSchema, value: unknown): unknown => {
  const check = ajv.compile(
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as object,
  );
  return check(value) ? true : check.errors;
};

type Shown = Operation["responses"][string];

/** The schema and media type of an operation's answer; refusals are described once for all. */
export function answerOf(operationId: string, status: number) {
  const response = named(operationId).operation.responses[String(status)] as Shown;
  const name = response.$ref?.split("/").at(-1);
  const shown = name ? (document.components["responses"]?.[name] as Shown) : response;
  const [type = "", { schema } = { schema: {} }] = Object.entries(shown.content ?? {})[0] ?? [];
  return { type, schema };
}
