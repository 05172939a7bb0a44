/** Why a server ended, in one sentence, from its exit code, its log and the disk. */
import { readFileSync, statfsSync } from "node:fs";
import { dirname } from "node:path";

const fullBelowBytes = 1_000_000;
const tailCharacters = 20_000;

const reasons: [RegExp, string][] = [
  [/no space left on device|ENOSPC/i, "The disk is full, so that it cannot write"],
  [/address already in use/i, "Its port is taken by another program"],
  [/DBPathInUse|Unable to lock the lock file/, "Another mongod uses the data directory"],
  [/permission denied|could not create storage/i, "It may not write in the data directory"],
  [/UPGRADE PROBLEM|featureCompatibilityVersion/, "The data are of another version of it"],
];

/** `code` is the exit code, the signal, or the system's word for why it could not be run. */
export function explainEnd(name: string, code: string, logFile: string): string {
  if (code === "ENOENT" || code === "EACCES") return `${name} could not be run (${code}).`;
  return `${name} ended (${code}). ${reasonIn(logFile)}; more in ${logFile}.`;
}

function reasonIn(logFile: string): string {
  // A full disk also keeps the reason out of the log.
  const { bavail, bsize } = statfsSync(dirname(logFile));
  const tail = bavail * bsize < fullBelowBytes ? "ENOSPC" : tailOf(logFile);
  return reasons.find(([pattern]) => pattern.test(tail))?.[1] ?? "Its log does not say why";
}

function tailOf(file: string): string {
  try {
    return readFileSync(file, "utf8").slice(-tailCharacters);
  } catch {
    return "";
  }
}
