/** Refusals as the API's description shows them: one problem document for all of them. */
import { STATUS_CODES } from "node:http";
import type { JsonSchema } from "#shared/json-schema.ts";
import type { Route } from "./routes.ts";

const text = { type: "string" };

export const problemSchema: JsonSchema = {
  type: "object",
  description: "A refusal (RFC 9457); `code` is stable, and more members may tell what is there.",
  properties: {
    type: text,
    title: text,
    status: { type: "integer", minimum: 300, maximum: 599 },
    detail: text,
    code: { type: "string", examples: ["VALIDATION_ERROR"] },
    requestId: text,
    errors: {
      type: "array",
      description: "The fields that break the contract.",
      items: {
        type: "object",
        properties: { path: text, message: text, code: text },
        required: ["path", "message", "code"],
      },
    },
    retryAfter: { type: "number", description: "Seconds to wait before another try." },
  },
  required: ["type", "title", "status", "detail", "code", "requestId"],
};

const reasons: Readonly<Record<number, string>> = {
  308: "Merged into another, `survivorId`: `Location` is the same of that one.",
  400: "Not JSON, or not the right syntax.",
  401: "No credentials, or bad ones.",
  403: "Not allowed.",
  404: "Unknown, or not visible to you.",
  408: "The request came too slowly.",
  409: "In conflict with the state.",
  412: "Another version than the one that is there.",
  413: "Larger than this takes.",
  415: "Another media type than this takes.",
  416: "A range outside of the file.",
  422: "Fields that break the contract.",
  428: "The version is missing: send `If-Match`.",
  429: "Too many requests of yours.",
  500: "Something went wrong on our side.",
  503: "Too many requests of all, or a part of the system is away.",
};

const retryAfter = {
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", minimum: 0 } },
};

const location = {
  Location: { description: "The same path, of the survivor.", schema: { type: "string" } },
};

/** What can be merged into another, by the first word of its paths. */
const mergeable = /^\/api\/v1\/(customers)\/:/;

const nameOf = (status: number): string =>
  String(STATUS_CODES[status]).replaceAll(/[^A-Za-z]/g, "");

/** Under `components.responses`. */
export const problemResponses: Record<string, JsonSchema> = Object.fromEntries(
  Object.entries(reasons).map(([status, description]) => [
    nameOf(Number(status)),
    {
      description,
      ...([429, 503].includes(Number(status)) ? { headers: retryAfter } : {}),
      ...(status === "308" ? { headers: location } : {}),
      content: {
        "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
      },
    },
  ]),
);

/** The refusals that a route can answer. */
export function problemsOf({ method, path, contract }: Route): Record<string, JsonSchema> {
  const reads = method === "GET";
  const possible: Record<number, boolean> = {
    308: reads && mergeable.test(path),
    400: true,
    401: true,
    403: contract.needs !== "nobody",
    404: path.includes(":") || !reads,
    408: !reads,
    409: !reads,
    412: contract.guarded !== undefined,
    413: true,
    415: true,
    416: contract.statuses?.includes(206) ?? false,
    422: true,
    428: contract.guarded === "required",
    429: true,
    500: true,
    503: true,
  };
  const statuses = Object.keys(possible).filter((status) => possible[Number(status)]);
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { $ref: `#/components/responses/${nameOf(Number(status))}` },
    ]),
  );
}
