/** Keeps one server program running beside us: starts it, starts it again when it dies, ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { codeOf, Problem, type Log } from "./problem.ts";
import { commandOf, end, isAlive, signal } from "./processes.ts";

export interface Program {
  /** Its name for people, such as "mongod". */
  name: string;
  command: string;
  args: string[];
  /** Where its process id is kept, so that one left over after our own sudden end can be found. */
  pidFile: string;
  log: Log;
  /** Resolves when it serves; called once, at the first start. */
  ready: (given: AbortSignal) => Promise<void>;
  /** Why it ended, in one sentence for people; `code` is its exit code or signal. */
  explain: (code: string) => string;
}

export interface Supervised {
  pid: () => number | undefined;
  /** Ends it in good order; resolves when the process is gone. */
  stop: () => Promise<void>;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;
const healthyMs = 30_000;
const patienceMs = 20_000;

/**
 * Starts a program in a group of its own (Ctrl-C at the terminal reaches us, not it) and resolves
 * when it serves. When it dies later it is started again, after 0.1 s at first and 5 s at most.
 * Throws a Problem when it ends before it has ever served.
 */
export async function supervise(program: Program): Promise<Supervised> {
  const keeper = keep(program);
  const given = new AbortController();
  const failed = keeper.firstEnd.then((code) => {
    throw new Problem(program.explain(code));
  });
  try {
    await Promise.race([program.ready(given.signal), failed]);
  } catch (error) {
    await keeper.stop();
    throw error;
  } finally {
    given.abort();
    failed.catch(() => undefined);
  }
  keeper.restartFromNowOn();
  return keeper;
}

function keep(program: Program) {
  let child: ChildProcess | undefined;
  let restarts = false;
  let waiting: NodeJS.Timeout | undefined;
  let pauseMs = firstPauseMs;
  const firstEnd = Promise.withResolvers<string>();
  const endWithUs = () => {
    if (child?.pid) signal(child.pid, "SIGTERM");
  };

  const run = () => {
    const startedAt = Date.now();
    child = launch(program, (code) => {
      child = undefined;
      firstEnd.resolve(code);
      if (!restarts) return;
      if (Date.now() - startedAt > healthyMs) pauseMs = firstPauseMs;
      program.log(`${program.explain(code)} Starting it again.`);
      waiting = setTimeout(run, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
  };

  process.once("exit", endWithUs);
  run();

  return {
    firstEnd: firstEnd.promise,
    pid: () => child?.pid,
    restartFromNowOn: () => {
      restarts = true;
      // It may have died between its first good answer and now; nobody else would notice.
      if (!child) run();
    },
    stop: async () => {
      restarts = false;
      clearTimeout(waiting);
      process.off("exit", endWithUs);
      if (child?.pid) await end(child.pid, patienceMs);
      rmSync(program.pidFile, { force: true });
    },
  };
}

function launch(program: Program, ended: (code: string) => void): ChildProcess {
  const child = spawn(program.command, program.args, { detached: true, stdio: "ignore" });
  if (child.pid) writeFileSync(program.pidFile, String(child.pid));
  child.once("error", (error) => {
    ended(codeOf(error) || error.message);
  });
  child.once("exit", (code, by) => {
    ended(by ?? String(code));
  });
  return child;
}

/**
 * Ends the program that a former run of ours left behind, when there is one: its id is in `pidFile`
 * and its command line names `mark` (a path inside our data directory).
 */
export async function endLeftOver(pidFile: string, mark: string, log: Log): Promise<void> {
  const pid = recordedPid(pidFile);
  if (pid && isAlive(pid) && commandOf(pid).includes(mark)) {
    log(`Ending a server that an interrupted run left behind (process ${String(pid)}).`);
    await end(pid, patienceMs);
  }
  rmSync(pidFile, { force: true });
}

function recordedPid(pidFile: string): number {
  try {
    return Number(readFileSync(pidFile, "utf8"));
  } catch {
    return 0;
  }
}
