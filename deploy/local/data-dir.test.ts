import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { onTestFinished } from "#shared/testing/finished.ts";
import { takeDataDir } from "./data-dir.ts";
import { beginOf } from "./processes.ts";

const folderForTest = () => {
  const folder = mkdtempSync(join(tmpdir(), "casewire-data-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const held = (dataDir: string, pid: number, begin: string) => {
  writeFileSync(join(dataDir, "casewire.lock"), JSON.stringify({ pid, begin }));
};

test("a data directory that a living Casewire holds is refused, naming its process", async () => {
  const dataDir = folderForTest();
  held(dataDir, process.ppid, beginOf(process.ppid));

  const refused = takeDataDir(dataDir, 0);

  await expect(refused).rejects.toThrow(
    `Another Casewire (process ${process.ppid}) is using ${dataDir}`,
  );
});

test("one whose holder is gone, or whose id another process has now, is taken", async () => {
  for (const pid of [2 ** 30, process.ppid]) {
    const dataDir = folderForTest();
    held(dataDir, pid, "long ago");

    const release = await takeDataDir(dataDir, 0);

    const lock = join(dataDir, "casewire.lock");
    expect(JSON.parse(readFileSync(lock, "utf8"))).toMatchObject({ pid: process.pid });
    release();
    expect(() => readFileSync(lock)).toThrow("ENOENT");
  }
});

test("one that cannot be written is refused with what to do", async () => {
  const folder = folderForTest();
  writeFileSync(join(folder, "file"), "");

  for (const dataDir of [join(folder, "file"), join(folder, "file", "data"), "/proc/data"]) {
    const refused = takeDataDir(dataDir, 0);

    await expect(refused).rejects.toThrow(
      /^The data directory .* cannot be used: .*choose another one with DATA_DIR\.$/,
    );
  }
});
