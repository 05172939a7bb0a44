/** What the first run made up for this installation, kept for its owner in the data directory. */
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "./local/problem.ts";

/** The file grows step by step; `seeded` says that the last step is done. */
export interface FirstRun {
  adminEmail: string;
  adminPassword: string;
  campaignId?: string;
  channelId?: string;
  channelKey?: string;
  emailChannelId?: string;
  agentEmail: string;
  agentPassword: string;
  agentId?: string;
  supervisorEmail: string;
  supervisorPassword: string;
  supervisorId?: string;
  installationId: string;
  seeded?: boolean;
}

/** Where it is kept. */
export const firstRunFile = (dataDir: string) => join(dataDir, "first-run.json");

/**
 * What an earlier run kept, otherwise new credentials (the administrator's from the environment
 * where given), which are kept before anything else can know them.
 */
export function firstRun(dataDir: string, env: NodeJS.ProcessEnv): FirstRun & { isNew: boolean } {
  const kept = read(firstRunFile(dataDir));
  if (kept) return { ...kept, isNew: false };
  const made: FirstRun = {
    adminEmail: env["ADMIN_EMAIL"] || "admin@example.com",
    adminPassword: env["ADMIN_PASSWORD"] || newPassword(),
    agentEmail: "agent@example.com",
    agentPassword: newPassword(),
    supervisorEmail: "supervisor@example.com",
    supervisorPassword: newPassword(),
    installationId: randomUUID(),
  };
  keep(dataDir, made);
  return { ...made, isNew: true };
}

/** Writes the whole file at once, readable by its owner only. */
export function keep(dataDir: string, known: FirstRun): void {
  const file = firstRunFile(dataDir);
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(known, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, file);
}

function read(file: string): FirstRun | undefined {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as FirstRun;
  } catch {
    throw new Problem(`${file} cannot be read as JSON; mend it or move it away.`);
  }
}

const newPassword = () => randomBytes(15).toString("base64url");
