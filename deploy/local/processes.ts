/** What the operating system knows about a process: whether it lives, how it was called. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { codeOf } from "./problem.ts";

/** Whether a process with this id exists; one of another user counts as well. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isOver(pid);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** The command line of a process, its words separated by spaces; empty when it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, "utf8")
      .replaceAll("\0", " ")
      .trim();
  } catch {
    return process.platform === "linux" ? "" : ask(pid, "command=");
  }
}

/** When a process began, in the system's own words; tells a process from a later one of the same id. */
export function beginOf(pid: number): string {
  return statOf(pid)[19] ?? (process.platform === "linux" ? "" : ask(pid, "lstart="));
}

/** Asks a process to end, and makes it end when it has not after `patienceMs`. */
export async function end(pid: number, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  signal(pid, "SIGTERM");
  while (isAlive(pid)) {
    if (Date.now() > deadline) signal(pid, "SIGKILL");
    await pause(20);
  }
}

/** Sends a signal; a process that is gone already is no fault. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}

/** The fields of /proc/PID/stat after the command's name, which may itself hold spaces. */
function statOf(pid: number): string[] {
  try {
    const line = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

/** Ended, but not yet noticed by its parent. While other threads live it holds its ports. */
function isOver(pid: number): boolean {
  if (statOf(pid)[0] !== "Z") return false;
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return true;
  }
}

function ask(pid: number, column: string): string {
  try {
    return execFileSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
