/** Gathers what a request says, as the contract of its route has it. */
import type { IncomingHttpHeaders } from "node:http";
import { invalid, isRefusal, notFound, type FieldFault } from "#shared/errors.ts";
import { readQuery, typed } from "./query.ts";
import { readsQuery, type Route } from "./routes.ts";
import { expectedVersion } from "./versions.ts";

/** The parts of a request that say something. */
export interface Parts {
  readonly path: Readonly<Record<string, string>>;
  /** What follows `?`. */
  readonly query: string;
  /** The parsed body, undefined where there is none; bytes where the route takes no JSON. */
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
}

/**
 * The parameters of the route's action or door: from the path and the query (GET, DELETE) or the
 * body (all others; an array stands for `{ items }`), the version from `If-Match`.
 * @throws 400, 412, 422 and 428 as docs of the API say; 404 for a path parameter of a wrong form
 */
export function paramsOf(route: Route, parts: Parts): Record<string, unknown> {
  const { guarded } = route.contract;
  const version = guarded && expectedVersion(parts.headers, guarded);
  const sent = readsQuery(route) ? fromQuery(route, parts) : fromBody(route, parts);
  refuseNames(route.pathNames.filter((name) => Object.hasOwn(sent, name)));
  const params = checked(route, { ...sent, ...parts.path });
  return version === undefined ? params : { ...params, version };
}

function fromQuery(route: Route, { query, body }: Parts): object {
  if (typeof body === "object" && body) refuseNames(Object.keys(body));
  return query === "" ? {} : typed(readQuery(query), route.shape);
}

function fromBody(route: Route, { query, body }: Parts): object {
  if (query !== "") refuseNames(Object.keys(readQuery(query)));
  if (body === undefined || body instanceof Buffer) return {};
  if (Array.isArray(body) && "items" in route.shape) return { items: body };
  if (isObject(body)) return body;
  throw invalid([{ path: "", message: "must be a JSON object", code: "object" }]);
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function refuseNames(names: readonly string[]): void {
  if (names.length > 0) throw invalid(names.slice(0, 20).map(unknownField));
}

const unknownField = (name: string): FieldFault => ({
  path: name.slice(0, 200),
  message: "is not a known field",
  code: "unknownField",
});

/** An id of a wrong form is an unknown id. */
function checked(route: Route, sent: object): Record<string, unknown> {
  try {
    return route.check(sent);
  } catch (error) {
    const faults = isRefusal(error) ? (error.data?.["errors"] as FieldFault[] | undefined) : [];
    if (faults?.some(({ path }) => route.pathNames.includes(path))) {
      throw notFound("object", "");
    }
    throw error;
  }
}
