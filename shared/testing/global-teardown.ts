/** After all tests: ends the servers they ran against. */
import type { Servers } from "../../deploy/local/servers.ts";

const keep = globalThis as { casewireServers?: Servers | undefined };

/** The set-up and the end of a run are loaded apart; the servers wait between them in the process. */
export function keepForTearDown(servers: Servers): void {
  keep.casewireServers = servers;
}

export default async function tearDown(): Promise<void> {
  const servers = keep.casewireServers;
  keep.casewireServers = undefined;
  await servers?.stop();
}
