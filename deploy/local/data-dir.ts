/** The data directory of one installation: one Casewire at a time may use it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { makeFolder } from "./folders.ts";
import { codeOf, Problem } from "./problem.ts";
import { beginOf, isAlive } from "./processes.ts";

interface Holder {
  pid: number;
  begin: string;
}

const sentences: Record<string, string> = {
  ENOSPC: "the disk is full; free some space and start again",
  EDQUOT: "the disk quota is used up; free some space and start again",
  EACCES: "this user may not write there; choose another one with DATA_DIR",
  EPERM: "this user may not write there; choose another one with DATA_DIR",
  EROFS: "the disk is read-only; choose another one with DATA_DIR",
  ENOENT: "the folder it is in cannot be made; choose another one with DATA_DIR",
  ENOTDIR: "there is a file in its way; choose another one with DATA_DIR",
  EEXIST: "there is a file in its way; choose another one with DATA_DIR",
};

/**
 * Makes the directory when it is missing and takes it for this process; answers how to give it back.
 * Throws a Problem when it cannot be written or when another living Casewire holds it and does not
 * go within `patienceMs`.
 */
export async function takeDataDir(dataDir: string, patienceMs = 3_000): Promise<() => void> {
  try {
    makeFolder(dataDir, 0o700);
    return await lock(dataDir, patienceMs);
  } catch (error) {
    const sentence = sentences[codeOf(error)];
    if (!sentence) throw error;
    throw new Problem(`The data directory ${dataDir} cannot be used: ${sentence}.`);
  }
}

async function lock(dataDir: string, patienceMs: number): Promise<() => void> {
  const file = join(dataDir, "casewire.lock");
  const mine: Holder = { pid: process.pid, begin: beginOf(process.pid) };
  await untilFree(file, patienceMs);
  refuseIfHeld(file, dataDir);
  rmSync(file, { force: true });
  write(file, mine, dataDir);
  // Two that find the same dead lock may both write one; only the last one written counts.
  await pause(30);
  refuseIfHeld(file, dataDir);
  return () => {
    if (holderOf(file)?.pid === mine.pid) rmSync(file, { force: true });
  };
}

/** One that was told to stop a moment ago may still be at it. */
async function untilFree(file: string, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && isHeld(holderOf(file))) await pause(100);
}

function write(file: string, mine: Holder, dataDir: string): void {
  try {
    writeFileSync(file, JSON.stringify(mine), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (codeOf(error) === "EEXIST") refuseIfHeld(file, dataDir);
    throw error;
  }
}

function refuseIfHeld(file: string, dataDir: string): void {
  const holder = holderOf(file);
  if (!isHeld(holder)) return;
  throw new Problem(
    `Another Casewire (process ${String(holder.pid)}) is using ${dataDir}; ` +
      "stop it first or choose another folder with DATA_DIR.",
  );
}

/** Held by a process that lives; a later process of the same id does not count. */
function isHeld(holder: Holder | undefined): holder is Holder {
  if (!holder || holder.pid === process.pid) return false;
  return isAlive(holder.pid) && beginOf(holder.pid) === holder.begin;
}

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}
