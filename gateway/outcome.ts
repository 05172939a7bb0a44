/** What a request is answered with, made from what an action or a door answered. */
import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import type { DoorAnswer } from "./door.ts";
import { base, type Route } from "./routes.ts";
import { alreadyHeld, tagOf } from "./versions.ts";

export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

const json = "application/json; charset=utf-8";

/** Where in the outside world a request asks: its path and headers. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** The outcome of a plain call. */
export const outcomeOf = (route: Route, asked: Asked, answer: unknown): Outcome =>
  finished(route, asked, route.statusOf(answer), {}, answer);

/** The outcome of a door, which may have set more itself. */
export const outcomeOfDoor = (route: Route, asked: Asked, answer: DoorAnswer): Outcome =>
  finished(
    route,
    asked,
    answer.status ?? route.statusOf(answer.body),
    answer.headers ?? {},
    answer.body,
  );

function finished(
  route: Route,
  asked: Asked,
  status: number,
  own: Readonly<Record<string, string>>,
  body: unknown,
): Outcome {
  if (body instanceof Readable || body instanceof Buffer) return { status, headers: own, body };
  return status === 204 || !isObject(body)
    ? { status, headers: own }
    : withBody(route, asked, status, own, body);
}

function withBody(
  route: Route,
  asked: Asked,
  status: number,
  own: Readonly<Record<string, string>>,
  body: object,
): Outcome {
  const etag = tagOf(body);
  if (etag && route.method === "GET" && alreadyHeld(etag, asked.headers)) {
    return { status: 304, headers: { etag } };
  }
  const headers = {
    "content-type": json,
    ...(etag && { etag }),
    ...locationOf(route, asked.path, status, body),
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
