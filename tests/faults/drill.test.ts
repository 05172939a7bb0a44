import { expect, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const drill = fileURLToPath(new URL("drill.ts", import.meta.url));

/** The short form of `npm run drill`; servers of its own, because it kills them. */
async function run(...options: string[]): Promise<string> {
  const { MONGODB_URL: _mongodb, NATS_URL: _nats, ...environment } = process.env;
  const ran = promisify(execFile)(process.execPath, [drill, ...options], {
    env: environment,
    maxBuffer: 1 << 26,
  });
  const { stdout } = await ran.catch((failed: unknown) => failed as { stdout: string });
  return stdout;
}

test("P1-P4, P12: while services, gateway, nats-server and mongod are killed nothing is lost, doubled or left out", async () => {
  const said = await run("--messages", "400", "--kills", "5", "--seed", "6");

  expect(said).toMatch(/^lost 0, doubled 0, gaps 0$/m);
  expect(said).toMatch(/"interactions":400/);
}, 180_000);
