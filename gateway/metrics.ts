/** Figures for operators in Prometheus' text format, on a port of their own. */
import { createServer, type Server } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";

/** Upper bounds in seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  readonly labels: string;
  count: number;
  seconds: number;
  readonly within: number[];
}

export interface Metrics {
  /** Counts an answer; status 499 stands for a caller who left before it. */
  answered(method: string, route: string, status: number, seconds: number): void;
  /** A figure that is asked for when it is read. */
  gauge(name: string, value: () => number): void;
  text(): string;
}

export function createMetrics(): Metrics {
  const series = new Map<string, Map<number, Series>>();
  const gauges = new Map<string, () => number>(ofProcess());

  function seriesOf(method: string, route: string, status: number): Series {
    const name = `${method} ${route}`;
    let byStatus = series.get(name);
    if (!byStatus) series.set(name, (byStatus = new Map<number, Series>()));
    let one = byStatus.get(status);
    if (!one) {
      const labels = `method="${method}",route="${route}",status="${status}"`;
      byStatus.set(status, (one = { labels, count: 0, seconds: 0, within: buckets.map(() => 0) }));
    }
    return one;
  }

  return {
    answered(method, route, status, seconds) {
      const one = seriesOf(method, route, status);
      one.count += 1;
      one.seconds += seconds;
      const bucket = buckets.findIndex((bound) => seconds <= bound);
      if (bucket >= 0) one.within[bucket] = (one.within[bucket] ?? 0) + 1;
    },
    gauge: (name, value) => void gauges.set(name, value),
    text() {
      const all = [...series.values()].flatMap((byStatus) => [...byStatus.values()]);
      return [...requestsText(all), ...durationsText(all), ...gaugesText(gauges), ""].join("\n");
    },
  };
}

const requestsText = (all: Series[]): string[] => [
  "# HELP casewire_http_requests_total Requests answered, by route and status.",
  "# TYPE casewire_http_requests_total counter",
  ...all.map(({ labels, count }) => `casewire_http_requests_total{${labels}} ${count}`),
];

const durationsText = (all: Series[]): string[] => [
  "# HELP casewire_http_request_duration_seconds From a request's head to its answer's end.",
  "# TYPE casewire_http_request_duration_seconds histogram",
  ...all.flatMap(durationText),
];

function durationText({ labels, count, seconds, within }: Series): string[] {
  const name = "casewire_http_request_duration_seconds";
  let sum = 0;
  return [
    ...buckets.map((bound, index) => {
      sum += within[index] ?? 0;
      return `${name}_bucket{${labels},le="${bound}"} ${sum}`;
    }),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${seconds.toFixed(6)}`,
    `${name}_count{${labels}} ${count}`,
  ];
}

const gaugesText = (gauges: ReadonlyMap<string, () => number>): string[] =>
  [...gauges].flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${value()}`]);

/** What is worth watching of any Node process. */
function ofProcess(): [string, () => number][] {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return [
    ["process_resident_memory_bytes", () => process.memoryUsage.rss()],
    [
      "process_cpu_seconds",
      () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    ],
    ["nodejs_eventloop_delay_p99_seconds", () => delay.percentile(99) / 1e9],
  ];
}

/** Serves the figures under `/metrics`. */
export function serveMetrics(metrics: Metrics, host: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const found = request.url === "/metrics" && request.method === "GET";
    response.writeHead(found ? 200 : 404, { "content-type": "text/plain; version=0.0.4" });
    response.end(found ? metrics.text() : "");
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => {
      resolve(server);
    });
  });
}
