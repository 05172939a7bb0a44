import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { chosenServices, knownServices } from "./run.ts";

const here = dirname(fileURLToPath(import.meta.url));

/** Runs an entry in a process of its own, and answers its exit code and what it said. */
const run = async (script: string, env: NodeJS.ProcessEnv, ...args: string[]) => {
  const { PATH } = process.env;
  try {
    const all = [join(here, script), ...args];
    await promisify(execFile)(process.execPath, all, { env: { PATH, ...env } });
    return { code: 0, said: "" };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: (stdout + stderr).trim() };
  }
};

test("services are found by their folders, and chosen by name or folder", () => {
  const [first = "", second = ""] = knownServices();

  expect(chosenServices(undefined)).toEqual(knownServices());
  expect(chosenServices("")).toEqual(knownServices());
  expect(chosenServices(` ${second},services/${first}/, ${first}`)).toEqual([second, first]);
});

test("an unknown service is refused with the names there are", () => {
  expect(() => chosenServices("cases,nobody")).toThrow(/^There is no service nobody; there are /);
});

test("a process of its own says which address it lacks", async () => {
  const address = "mongodb://127.0.0.1:1";

  expect(await run("run.ts", {})).toEqual({
    code: 1,
    said: "Say where the server is: MONGODB_URL is not set.",
  });
  expect(await run("run.ts", { MONGODB_URL: address })).toEqual({
    code: 1,
    said: "Say where the server is: NATS_URL is not set.",
  });
});

test("an unknown command is answered with the ones there are", async () => {
  expect(await run("local/bootstrap.mjs", {}, "dance")).toEqual({
    code: 1,
    said: "Say one of: start, test, check, bench, drill.",
  });
});
