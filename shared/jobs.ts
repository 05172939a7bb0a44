/** Jobs that run as long as a service does. Tests have several of one service in a process. */
import type { Service } from "moleculer";

interface Job {
  stop(): Promise<unknown>;
}

const running = new WeakMap<Service, Job[]>();

/** Lets a service that has started do these jobs until it is stopped. */
export function runJobs(service: Service, ...jobs: Job[]): void {
  running.set(service, [...(running.get(service) ?? []), ...jobs]);
}

/** Stops them all, side by side. */
export async function stopJobs(service: Service): Promise<void> {
  await Promise.all((running.get(service) ?? []).map((job) => job.stop()));
}
