import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { expect, test } from "@jest/globals";
import { onTestFinished } from "#shared/testing/finished.ts";
import { firstRun, firstRunFile, keep } from "./first-run.ts";
import { seed } from "./seed.ts";

const folderForTest = () => {
  const folder = mkdtempSync(join(tmpdir(), "casewire-seed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** An API that keeps its promises: the same Idempotency-Key is answered as the first time. */
const anApi = async (failsAt = Infinity) => {
  const answers = new Map<string, object>();
  const made: string[] = [];
  const state = { failsAt, calls: 0 };
  const answer = async (request: IncomingMessage) => {
    const body = await json(request);
    const { method = "", url = "", headers } = request;
    if (url.endsWith("/sign-in")) return { accessToken: "token" };
    const key = String(headers["idempotency-key"]);
    const known = answers.get(key);
    if (known && method === "POST") return known;
    made.push(`${method} ${url.replace("/api/v1", "")}`);
    const fresh = { id: `id-${made.length}`, key: "the key", body };
    answers.set(key, fresh);
    return fresh;
  };
  const server = createServer((request, response) => {
    void answer(request).then((body) => {
      state.calls += 1;
      // The power goes out after the work is done and before anybody hears of it.
      if (state.calls === state.failsAt) request.socket.destroy();
      else response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, made, state };
};

const complete = [
  "POST /users",
  "POST /users",
  "POST /activity-forms",
  "POST /campaigns",
  "POST /channels",
  "POST /channels",
  "POST /channels/id-5/keys",
  "PUT /campaigns/id-4/agents",
  "PUT /campaigns/id-4/supervisors",
  "PUT /campaigns/id-4/script",
];

const seedOnce = async (base: string, dataDir: string) => {
  const { isNew: _, ...known } = firstRun(dataDir, {});
  return seed(base, known, (news) => {
    keep(dataDir, news);
  });
};

test("the first run makes the demo once and keeps it for its owner only", async () => {
  const dataDir = folderForTest();
  const api = await anApi();

  const first = await seedOnce(api.base, dataDir);
  const second = await seedOnce(api.base, dataDir);

  expect(api.made).toEqual(complete);
  expect(second).toEqual(first);
  expect(first).toMatchObject({ campaignId: "id-4", channelId: "id-5", channelKey: "the key" });
  expect(JSON.parse(readFileSync(firstRunFile(dataDir), "utf8"))).toEqual(first);
  expect(statSync(firstRunFile(dataDir)).mode & 0o777).toBe(0o600);
});

test("a first run that is interrupted anywhere is complete after the next, with no doubles", async () => {
  for (let failsAt = 2; failsAt <= complete.length + 1; failsAt += 1) {
    const dataDir = folderForTest();
    const api = await anApi(failsAt);

    await expect(seedOnce(api.base, dataDir)).rejects.toThrow();
    const { seeded, channelKey } = await seedOnce(api.base, dataDir);

    expect({ seeded, channelKey }).toEqual({ seeded: true, channelKey: "the key" });
    expect([...new Set(api.made)].sort()).toEqual([...new Set(complete)].sort());
    expect(api.made.filter((one) => one.startsWith("POST"))).toHaveLength(7);
  }
});

test("the administrator is the one given at the first run, and stays that one", () => {
  const dataDir = folderForTest();
  const given = { ADMIN_EMAIL: "ada@example.com", ADMIN_PASSWORD: "correct horse" };

  const first = firstRun(dataDir, given);
  const second = firstRun(dataDir, { ADMIN_PASSWORD: "another one" });

  expect(first).toMatchObject({ adminEmail: "ada@example.com", adminPassword: "correct horse" });
  expect(second).toEqual({ ...first, isNew: false });
});
