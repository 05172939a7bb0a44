/** Removing content while processes are killed: it goes on from where it stood, and misses nothing (B08). */
import { expect, test } from "@jest/globals";
import { randomBytes, randomUUID } from "node:crypto";
import type { RetentionRun } from "#shared/contracts/cases/retention.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { closeLongAgo } from "../system/backdating.ts";
import { startNode } from "../system/nodes.ts";
import { placesOf } from "../system/search.ts";
import {
  askerOf,
  beside,
  expected,
  makeInbox,
  patient,
  startSystem,
  type Ask,
} from "../system/system.ts";

const layout = [
  beside("cases", "files", "audit", "notifications"),
  "cases",
  "files,audit,notifications",
];
const people = 60;
const each = 4;

test("B08: a run whose processes are killed in the middle takes everything away all the same", async () => {
  const system = await startSystem(
    { mongodbUrl: String(process.env["MONGODB_URL"]), natsUrl: String(process.env["NATS_URL"]) },
    layout,
    { INBOUND_WAIT_MS: patient.INBOUND_WAIT_MS },
  );
  const nodes = [...system.nodes];
  onTestFinished(() => Promise.all(nodes.map((node) => node.stop())).then(() => undefined));
  const ask = askerOf(() => system);
  const inbox = await makeInbox(system, "webchat");
  const word = `kanari${randomBytes(6).toString("hex")}`;
  const said = await write(ask, inbox, word);
  const campaign = `/campaigns/${inbox.campaignId}`;
  await closeAll(ask, said);
  expect(await closeLongAgo(system, { campaignId: inbox.campaignId }, 10)).toBe(people);
  const { version } = expected(await ask("GET", campaign), 200).json<{ version: number }>();
  expected(await ask("PATCH", campaign, { version, body: { retentionDays: 7 } }), 200);
  const begun = expected(await ask("POST", `${campaign}/retention-runs`, { body: {} }), 202);
  const { id } = begun.json<RetentionRun>();
  const run = () =>
    until(async () =>
      expected(await ask("GET", `/retention-runs/${id}`), 200).json<RetentionRun>(),
    );

  let killedInTheMiddle = 0;
  for (const place of [1, 2, 1]) {
    const { updatedAt } = await run();
    const moved = await until(
      async () => {
        const now = await run();
        return now.updatedAt !== updatedAt || now.state !== "running" ? now : undefined;
      },
      { withinMs: 30_000, everyMs: 2 },
    );
    if (moved.state !== "running") break;
    await nodes[place]!.kill();
    killedInTheMiddle += 1;
    nodes[place] = startNode(layout[place]!, system.environment);
  }
  const done = await until(
    async () => {
      const one = await run();
      return one.state === "done" ? one : undefined;
    },
    { withinMs: 60_000 },
  );

  expect(killedInTheMiddle).toBeGreaterThan(1);
  expect(done).toMatchObject({ found: people, spared: 0 });
  const told = (kind: string) => done.report.find((one) => one.kind === kind)?.found;
  expect([told("interaction"), told("case")]).toEqual([people * each, people]);
  expect([...(await placesOf(system, [word])).values()].flatMap((found) => [...found])).toEqual([]);
}, 180_000);

/** Everybody writes some messages; answers the cases. */
async function write(
  ask: Ask,
  { channelId, key: token }: { channelId: string; key: string },
  word: string,
): Promise<Set<string>> {
  const messages = Array.from({ length: people }, () => randomUUID()).flatMap((person) =>
    Array.from({ length: each }, () => ({
      externalId: randomUUID(),
      from: { type: "email", value: `${person}@example.com` },
      text: `${word} writes`,
      subject: word,
    })),
  );
  const caseIds = new Set<string>();
  for (let start = 0; start < messages.length; start += 100) {
    const body = { messages: messages.slice(start, start + 100) };
    const answer = await ask("POST", `/channels/${channelId}/messages/batch`, { token, body });
    const { items } = expected(answer, 207).json<{ items: { case?: { id: string } }[] }>();
    for (const one of items) caseIds.add(String(one.case?.id));
  }
  return caseIds;
}

async function closeAll(ask: Ask, caseIds: ReadonlySet<string>): Promise<void> {
  const body = { caseIds: [...caseIds] };
  const { id } = expected(await ask("POST", "/cases/bulk-close", { body }), 202).json<{
    id: string;
  }>();
  await until(
    async () =>
      expected(await ask("GET", `/bulk-jobs/${id}`), 200).json<{ done: number }>().done === people,
    { withinMs: 30_000 },
  );
}
