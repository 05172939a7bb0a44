/** Refusals and failures as the outside may know them: problem documents (RFC 9457). */
import { STATUS_CODES } from "node:http";
import { faultToRefusal, isAbsence } from "#shared/faults.ts";
import { isRefusal, type Refusal } from "#shared/errors.ts";
import type { Logger } from "moleculer";

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const problemType = "application/problem+json; charset=utf-8";

/** What of a refusal's data stays inside. */
const inside = new Set(["what", "id", "action", "service", "nodeID", "retryAfterSeconds"]);
const reserved = new Set(["type", "title", "status", "detail", "code", "requestId"]);

/** The problem document of whatever was thrown while a request was answered. */
export function problemOf(error: unknown, requestId: string, logger: Logger): Problem {
  const refusal = understood(error, requestId, logger);
  const { code: status, type, message, data = {} } = refusal;
  return problem(status, type, message, requestId, {
    ...publicly(data),
    ...(typeof data["retryAfterSeconds"] === "number"
      ? { retryAfter: data["retryAfterSeconds"] }
      : {}),
  });
}

/** A problem document with its headers. */
export function problem(
  status: number,
  code: string,
  detail: string,
  requestId: string,
  more: { retryAfter?: number; [name: string]: unknown } = {},
): Problem {
  const headers: Record<string, string> = { "content-type": problemType };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  const { retryAfter } = more;
  if (retryAfter !== undefined) headers["retry-after"] = String(Math.ceil(retryAfter));
  const title = STATUS_CODES[status] ?? "Error";
  const body = { type: "about:blank", title, status, detail, code, requestId, ...more };
  return { status, headers, body: JSON.stringify(body) };
}

function publicly(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).filter(([name]) => !inside.has(name) && !reserved.has(name)),
  );
}

/** One of ours, whatever it was: client errors and 503 as they are, the rest as a plain 500. */
function understood(error: unknown, requestId: string, logger: Logger): Refusal {
  const unread = fromFastify(error);
  if (unread) return unread;
  const own = isOurs(error) ? error : faultToRefusal(error, logger, `Request ${requestId}`);
  if (isOurs(own)) return own;
  if (isRefusal(error)) logger.error(`Request ${requestId} failed`, named(error));
  return { code: 500, type: "INTERNAL", message: "Something went wrong on our side" };
}

/** Refusals that are meant for the outside; Moleculer's own absences are not among them. */
const isOurs = (error: unknown): error is Refusal & Error =>
  isRefusal(error) &&
  (error.type === "UNAVAILABLE" || (error.code >= 400 && error.code < 500 && !isAbsence(error)));

const named = ({ name, message, type, code }: Refusal & Error) => ({ name, message, type, code });

const known: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 415,
    type: "UNSUPPORTED_MEDIA_TYPE",
    message: "This takes another media type",
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 413,
    type: "TOO_LARGE",
    message: "The body is larger than this takes",
  },
  FST_ERR_BAD_URL: { code: 400, type: "MALFORMED", message: "The path is not properly encoded" },
  FST_ERR_MAX_PARAM_LENGTH: { code: 404, type: "NOT_FOUND", message: "There is no such object" },
};

/** What fastify refuses while it reads a request. */
function fromFastify(error: unknown): Refusal | undefined {
  const { code, statusCode = 500 } = error as { code?: unknown; statusCode?: number };
  if (typeof code !== "string") return undefined;
  const own = known[code];
  if (own) return own;
  return statusCode >= 400 && statusCode < 500
    ? { code: 400, type: "MALFORMED", message: "The request cannot be read" }
    : undefined;
}
