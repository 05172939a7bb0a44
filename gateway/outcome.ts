/** What a request is answered with, made from what an action or a door answered. */
import { Readable } from "node:stream";
import type { DoorAnswer } from "./door.ts";
import { base, type Route } from "./routes.ts";
import { tagOf } from "./versions.ts";

export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

const json = "application/json; charset=utf-8";

/** The outcome of a plain call to a path. */
export const outcomeOf = (route: Route, path: string, answer: unknown): Outcome =>
  finished(route, path, route.statusOf(answer), {}, answer);

/** The outcome of a door, which may have set more itself. */
export const outcomeOfDoor = (route: Route, path: string, answer: DoorAnswer): Outcome =>
  finished(
    route,
    path,
    answer.status ?? route.statusOf(answer.body),
    answer.headers ?? {},
    answer.body,
  );

function finished(
  route: Route,
  path: string,
  status: number,
  own: Readonly<Record<string, string>>,
  body: unknown,
): Outcome {
  if (body instanceof Readable || body instanceof Buffer) return { status, headers: own, body };
  return status === 204 || !isObject(body)
    ? { status, headers: own }
    : withBody(route, path, status, own, body);
}

function withBody(
  route: Route,
  path: string,
  status: number,
  own: Readonly<Record<string, string>>,
  body: object,
): Outcome {
  const etag = tagOf(body);
  const headers = {
    "content-type": json,
    ...(etag && { etag }),
    ...locationOf(route, path, status, body),
    ...own,
  };
  return { status, headers, body: JSON.stringify(body) };
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Where what was made, or what becomes of it, can be read. */
function locationOf(route: Route, path: string, status: number, body: object) {
  const { id, interactionId } = body as { id?: unknown; interactionId?: unknown };
  if (status === 202 && typeof interactionId === "string") {
    return { location: `${base}/interactions/${interactionId}` };
  }
  return status === 201 && route.makesFindable && typeof id === "string"
    ? { location: `${path}/${id}` }
    : {};
}
