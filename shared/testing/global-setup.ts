/** Before all tests: the servers they run against. A run that is interrupted ends them too. */
import { startTestServers } from "./servers.ts";
import tearDown, { keepForTearDown } from "./global-teardown.ts";

export default async function setUp(): Promise<void> {
  keepForTearDown(await startTestServers());
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, () => {
      void tearDown().finally(() => process.exit(code));
    });
  }
}
