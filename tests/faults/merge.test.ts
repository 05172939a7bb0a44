import { expect, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const drill = fileURLToPath(new URL("merge-drill.ts", import.meta.url));

/** The short form of `npm run drill:merges`; servers of its own, because it kills them. */
async function run(...options: string[]): Promise<string> {
  const { MONGODB_URL: _mongodb, NATS_URL: _nats, ...environment } = process.env;
  const ran = promisify(execFile)(process.execPath, [drill, ...options], {
    env: environment,
    maxBuffer: 1 << 26,
  });
  const { stdout } = await ran.catch((failed: unknown) => failed as { stdout: string });
  return stdout;
}

test("P7: customers who are merged while they write and processes are killed keep everything, once", async () => {
  const said = await run("--merges", "20", "--kills", "3", "--seed", "11");

  expect(said).toMatch(/, 20 merges in/);
  expect(said).toMatch(/^faults 0$/m);
}, 240_000);

test("P7: cases that are merged while messages come and processes are killed keep everything, once", async () => {
  const said = await run(
    ...["--of", "cases", "--merges", "8", "--kills", "1", "--seed", "5", "--writers", "3"],
  );

  expect(said).toMatch(/, 8 merges in/);
  expect(said).toMatch(/^faults 0$/m);
}, 240_000);
