/** What was merged into another: who reads is sent there, who writes is refused (D03). */
import { conflict, isRefusal } from "#shared/errors.ts";
import type { Outcome } from "./outcome.ts";
import { problem } from "./problems.ts";
import type { Route } from "./routes.ts";

interface Asked {
  route: Pick<Route, "method">;
  /** Path and query, as they were sent. */
  url: string;
  requestId: string;
}

/**
 * The answer where something that was asked for has moved: 308 to the same path with the survivor's
 * id in the place of its own.
 * @throws 409 such as CUSTOMER_MERGED, with `survivorId`, where it was to be changed; whatever else
 *   was thrown
 */
export function outcomeOfMoved(error: unknown, { route, url, requestId }: Asked): Outcome {
  if (!isRefusal(error) || error.type !== "MOVED") throw error;
  const { what, id, survivorId } = error.data as Record<"what" | "id" | "survivorId", string>;
  const code = `${what.toUpperCase()}_MERGED`;
  if (route.method !== "GET") throw conflict(code, error.message, { survivorId });
  const { status, headers, body } = problem(308, code, error.message, requestId, { survivorId });
  return { status, headers: { ...headers, location: withId(url, id, survivorId) }, body };
}

/** Only what stands between slashes is an id; the query goes along as it is. */
function withId(url: string, id: string, survivorId: string): string {
  const [path = "", ...query] = url.split("?");
  const named = path
    .split("/")
    .map((part) => (decodeURIComponent(part) === id ? encodeURIComponent(survivorId) : part))
    .join("/");
  return [named, ...query].join("?");
}
