// The way in for every npm command: brings the dependencies (Node 24 is one of them), then runs
// the command under it. Plain JavaScript for the Node that is on the machine, 20 or later.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const modules = join(root, "node_modules");
const bin = join(modules, ".bin");
const stampFile = join(modules, ".casewire-installed");
const lockFolder = join(root, ".cache");
const lockFile = join(lockFolder, "install.lock");

/** Each command: its steps, run one after the other until one fails. */
const commands = {
  start: [["node", "deploy/local/start.ts"]],
  test: [
    [
      "node",
      "--experimental-vm-modules",
      "--disable-warning=ExperimentalWarning",
      "node_modules/jest/bin/jest.js",
    ],
  ],
  check: [
    ["tsc"],
    ["prettier", "--check", "--log-level=warn", "."],
    ["eslint", "."],
    ["depcruise", "--output-type=err", ...folders()],
    ["knip"],
  ],
  dev: [["node", "--watch", "--watch-preserve-output", "deploy/local/start.ts"]],
  bench: [["node", "bench/run.ts"]],
  drill: [["node", "tests/faults/drill.ts"]],
  "drill:imports": [["node", "tests/faults/import-drill.ts"]],
  "drill:merges": [["node", "tests/faults/merge-drill.ts"]],
  "drill:reminders": [["node", "tests/faults/reminder-drill.ts"]],
};

const [, , name = "", ...rest] = process.argv;
const stopping = { signal: undefined, child: undefined };

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.sentence ?? error);
  process.exitCode = 1;
}

async function main() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw problem(`Casewire needs Node 20 or later to set itself up; this is ${process.version}.`);
  }
  const steps = commands[name];
  if (!steps) throw problem(`Say one of: ${Object.keys(commands).join(", ")}.`);
  watchParent();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal));
  await install();
  for (const step of steps) {
    if (stopping.signal) return 130;
    const code = await runStep([...step, ...rest], steps.length > 1);
    if (code !== 0) return code;
  }
  if (name === "check") console.log("All checks passed.");
  return 0;
}

/** Runs one step under Node 24 and answers its exit code. */
async function runStep([command, ...args], many) {
  if (command === "node") requireScript(args.find((one) => /\.[jt]s$/.test(one)));
  if (many) console.log(`${command} …`);
  const env = {
    ...process.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(lockFolder, "compiled"),
  };
  const { code } = await run(join(bin, command), args, { stdio: stdio(), env });
  if (code !== 0 && many) console.error(`${command} failed.`);
  return code;
}

/** A start hears by the extra channel when this process is killed, and then stops as well. */
function stdio() {
  return name === "start" ? ["inherit", "inherit", "inherit", "ipc"] : "inherit";
}

function requireScript(script) {
  if (script && !existsSync(join(root, script))) throw problem(`${script} is missing.`);
}

/** Brings node_modules in line with package-lock.json, unless it is already. */
async function install() {
  if (upToDate()) return;
  const unlock = await lock();
  try {
    if (upToDate() || stopping.signal) return;
    console.log("Installing the dependencies (once, about a minute) …");
    let { code, output } = await npm("ci");
    // Where a registry lacks a package for another platform, the lock file lacks it as well, and
    // `npm ci` calls that out of step; `npm install` takes the same versions all the same.
    if (output.includes("EUSAGE") && !stopping.signal) {
      ({ code, output } = await npm("install", "--no-save"));
    }
    if (stopping.signal) return;
    if (code !== 0 || !upToDate()) {
      console.error(output.trim());
      throw problem(
        "The dependencies could not be installed; see npm's words above, check the network " +
          "and the disk, and run the command again.",
      );
    }
    console.log("Dependencies installed.");
  } finally {
    unlock();
  }
}

/** Runs npm without its chatter; answers its exit code and all it said. */
function npm(...words) {
  const [command, ...first] = process.env.npm_execpath?.endsWith(".js")
    ? [process.execPath, process.env.npm_execpath]
    : ["npm"];
  const args = [...first, ...words, "--no-audit", "--no-fund", "--loglevel=error"];
  return run(command, args, { stdio: ["ignore", "pipe", "pipe"] });
}

/** Whether what is installed is what the lock file says: by our stamp, or by npm's own record. */
function upToDate() {
  if (!statSync(join(bin, "node"), { throwIfNoEntry: false })?.size) return false;
  const wanted = readFileSync(join(root, "package-lock.json"), "utf8");
  const stamp = [process.platform, process.arch, createHash("sha256").update(wanted).digest("hex")];
  if (read(stampFile) === stamp.join(" ")) return true;
  const installed = JSON.parse(read(join(modules, ".package-lock.json")) || "{}").packages;
  if (!installed || !agree(JSON.parse(wanted).packages, installed)) return false;
  writeFileSync(stampFile, stamp.join(" "));
  return true;
}

function agree(wanted, installed) {
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (!path || link) return true;
    return installed[path] ? installed[path].version === version : Boolean(optional);
  });
}

/** One installation at a time; a lock whose process is gone does not count. */
async function lock() {
  mkdirSync(lockFolder, { recursive: true });
  for (let waited = false; !stopping.signal; await pause(300)) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: "wx" });
      return () => rmSync(lockFile, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw problem(`${lockFile} cannot be written (${error.code}).`);
    }
    const holder = Number(read(lockFile));
    if (holder && !isAlive(holder)) rmSync(lockFile, { force: true });
    else if (!waited) console.log(`Waiting for process ${holder} to install the dependencies …`);
    waited = true;
  }
  return () => undefined;
}

function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options });
    let output = "";
    stopping.child = child;
    child.stdout?.on("data", (data) => (output += data));
    child.stderr?.on("data", (data) => (output += data));
    child.once("error", (error) => {
      reject(problem(`${command} could not be run (${error.code}).`));
    });
    child.once("close", (code, signal) => {
      stopping.child = undefined;
      resolve({ code: code ?? 128 + constants.signals[signal], output });
    });
  });
}

/** Hands a signal on once; Ctrl-C reaches the child by itself as well, which it knows. */
function stop(signal) {
  stopping.signal ??= signal;
  stopping.child?.kill(signal);
}

/** npm, when killed, tells nobody: its going is noticed here. */
function watchParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop("SIGTERM");
  }, 250);
  timer.unref();
}

function folders() {
  const all = ["shared", "services", "gateway", "deploy", "tests", "bench"];
  return all.filter((one) => existsSync(join(root, one)));
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function problem(sentence) {
  return Object.assign(new Error(sentence), { sentence });
}
