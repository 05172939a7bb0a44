/** How much is going on: a bound on what is answered at once, and the figures for operators. */
import type { ServerResponse } from "node:http";
import { unavailable } from "#shared/errors.ts";
import type { Metrics } from "./metrics.ts";

const since = Symbol("since");
const label = Symbol("route");
type Watched = ServerResponse & { [since]?: number; [label]?: string };

export interface Load {
  /** Watches an answer from its request until its connection has taken it, or is gone. */
  watch(response: ServerResponse): void;
  /** Names the route of an answer, for the figures. */
  name(response: ServerResponse, route: string): void;
  /** Counts an answer that goes on for long as given; its connection is watched no more. */
  leave(response: ServerResponse, status: number): void;
  /** @throws 503 while more is under way than the process can take */
  admit(): void;
  /** Counts a piece of work that goes on even when its caller has hung up. */
  during<R>(work: Promise<R>): Promise<R>;
  /** Requests that have not been answered yet. */
  open(): number;
}

export function createLoad(maxInFlight: number, metrics: Metrics): Load {
  let open = 0;
  let working = 0;
  metrics.gauge("casewire_http_requests_in_flight", () => open);

  const answered = (response: Watched, status: number) => {
    open -= 1;
    count(metrics, response, status);
  };
  function onClosed(this: Watched): void {
    answered(this, this.writableFinished ? this.statusCode : 499);
  }
  const left = () => {
    working -= 1;
  };

  return {
    watch(response: Watched) {
      open += 1;
      response[since] = performance.now();
      response.once("close", onClosed);
    },
    name(response: Watched, route) {
      response[label] = route;
    },
    leave(response: Watched, status) {
      response.removeListener("close", onClosed);
      answered(response, status);
    },
    admit() {
      if (Math.max(open, working) > maxInFlight) {
        throw unavailable("Too much is going on right now", 1);
      }
    },
    during(work) {
      working += 1;
      work.then(left, left);
      return work;
    },
    open: () => open,
  };
}

function count(metrics: Metrics, response: Watched, status: number): void {
  const seconds = (performance.now() - (response[since] ?? 0)) / 1_000;
  metrics.answered(response.req.method ?? "", response[label] ?? "", status, seconds);
}
