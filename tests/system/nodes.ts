/** Nodes of the running system: services as processes of their own, and what they cost. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Clock ticks a second in /proc/<pid>/stat on Linux. */
const ticksPerSecond = 100;

export interface Node {
  /** The services that it runs, such as "gateway" or "cases,customers". */
  services: string;
  pid: number;
  ended: Promise<void>;
  /** Asks it to stop in good order and waits until it has. */
  stop: () => Promise<void>;
  /** Ends it at once, as a crash would. */
  kill: () => Promise<void>;
}

/**
 * Starts one set of services as a process; what it says goes to our standard error, and its log to
 * the file that the environment names as `LOG_FILE`, if any.
 */
export function startNode(services: string, environment: NodeJS.ProcessEnv): Node {
  const { LOG_FILE: file } = environment;
  const log = file ? openSync(file, "a") : process.env["TEST_LOG"] ? "inherit" : "ignore";
  // What the tests set for themselves is not for the product: empty is what it ships with.
  const shipped = { REQUEST_TIMEOUT_MS: "", LOG_LEVEL: "warn" };
  const child = spawn(process.execPath, ["deploy/run.ts"], {
    cwd: root,
    env: { ...process.env, ...shipped, ...environment, SERVICES: services },
    stdio: ["ignore", log, file ? log : "inherit"],
  });
  if (typeof log === "number") closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  const end = (signal: "SIGTERM" | "SIGKILL") => () => {
    child.kill(signal);
    return ended;
  };
  return { services, pid: child.pid ?? 0, ended, stop: end("SIGTERM"), kill: end("SIGKILL") };
}

/** CPU seconds that a process has used so far, of its own and of the kernel for it. */
export function cpuSeconds(pid: number): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .split(") ")[1]
      ?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process in megabytes. */
export function residentMb(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}
