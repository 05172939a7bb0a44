/** Ends this process in good order when it is told to. */
import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "./local/problem.ts";

const patienceMs = 25_000;
const startPatienceMs = 8_000;
const sameKeyPressMs = 1_000;

/**
 * At SIGTERM, SIGINT or SIGHUP, or when the process that started us is gone, calls `stop` once and
 * exits: 0 when it is done, 1 when it fails, takes longer than 25 s, or a second signal comes.
 * Ctrl-C reaches us by the terminal and by npm: signals close together are one.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let firstAt = 0;
  const hear = () => {
    if (firstAt) {
      if (Date.now() - firstAt > sameKeyPressMs) process.exit(1);
      return;
    }
    firstAt = Date.now();
    setTimeout(() => process.exit(1), patienceMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Stopping failed: ${messageOf(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, hear);
  process.on("disconnect", hear);
}

/**
 * What is being started when a stop comes, to be stopped too: undefined when it fails, or when it
 * is not there within 8 s, as one that waits for another server.
 */
export function begun<T>(starting: Promise<T>): Promise<T | undefined> {
  const given = pause(startPatienceMs, undefined, { ref: false });
  return Promise.race([starting.catch(() => undefined), given]);
}
