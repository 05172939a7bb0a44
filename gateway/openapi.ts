/** The API's description (OpenAPI 3.1), read from the contracts like the routes themselves. */
import { readFileSync } from "node:fs";
import type { Contract } from "#shared/contract.ts";
import type { JsonSchema } from "#shared/json-schema.ts";
import { operationOf } from "./openapi-operations.ts";
import { problemResponses, problemSchema } from "./openapi-problems.ts";
import { naming } from "./openapi-shapes.ts";
import { routesOf } from "./routes.ts";

const { version, description } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { version: string; description: string };

export interface OpenApi {
  openapi: string;
  info: JsonSchema;
  tags: { name: string }[];
  paths: Record<string, Record<string, JsonSchema>>;
  components: { schemas: Record<string, JsonSchema>; [kind: string]: Record<string, JsonSchema> };
}

/** Describes every published action and door under /api/v1. */
export function openApi(all?: Readonly<Record<string, Contract>>): OpenApi {
  const names = naming();
  const paths: OpenApi["paths"] = {};
  const tags = new Set<string>();
  for (const route of routesOf(all)) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    const operation = operationOf(route, names.refer);
    (paths[path] ??= {})[route.method.toLowerCase()] = operation;
    tags.add(String(route.name.split(".")[0]));
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Casewire",
      version,
      description,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    tags: [...tags].sort().map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "A user's access token, or the key of a channel's connector.",
        },
      },
      responses: problemResponses,
      schemas: { Problem: problemSchema, ...names.schemas() },
    },
  };
}
