// The way in for every npm command.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [, , name, ...rest] = process.argv;
const bin = join(root, "node_modules/.bin");
const run = {
  test: [
    "--experimental-vm-modules",
    "--disable-warning=ExperimentalWarning",
    "node_modules/jest/bin/jest.js",
  ],
  start: ["deploy/local/start.ts"],
};
spawn(join(bin, "node"), [...run[name], ...rest], {
  stdio: "inherit",
  cwd: root,
  env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
}).on("exit", (c) => process.exit(c ?? 1));
