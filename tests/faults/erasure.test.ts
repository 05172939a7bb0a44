/** Erasing while processes are killed: it goes on from where it stood, and nothing is left (P16). */
import { expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { Erasure } from "#shared/contracts/customers/privacy.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import { aPerson, type Person } from "../e2e/a-person.ts";
import { startNode } from "../system/nodes.ts";
import { placesOf } from "../system/search.ts";
import { beside, expected, patient, startSystem, type System } from "../system/system.ts";

const layout = [
  beside("customers", "cases", "files", "audit", "notifications", "imports"),
  "customers",
  "cases,files,audit,notifications,imports",
];
const batches = 4;
const batch = 100;

test("B08, P16: an erasure whose processes are killed in the middle is finished all the same", async () => {
  const servers = {
    mongodbUrl: String(process.env["MONGODB_URL"]),
    natsUrl: String(process.env["NATS_URL"]),
  };
  const system = await startSystem(servers, layout, {
    INBOUND_WAIT_MS: patient.INBOUND_WAIT_MS,
    ERASURE_SETTLE_MS: "1000",
  });
  const nodes = [...system.nodes];
  onTestFinished(() => Promise.all(nodes.map((node) => node.stop())).then(() => undefined));
  const person = await aPerson(system);
  await writeMore(system, person);
  const body = { reason: "request 1", confirm: person.displayName };
  const begun = await ask(system, "POST", `/customers/${person.id}/erasure`, body);
  const { id } = expected(begun, 202).json<{ id: string }>();

  let killedInTheMiddle = 0;
  let seen = "";
  for (const place of [1, 2, 1, 2]) {
    const moved = await until(
      async () => {
        const now = await erasureOf(system, id);
        return String(now.updatedAt) === seen && now.state !== "done" ? undefined : now;
      },
      { withinMs: 30_000, everyMs: 2 },
    );
    if (moved.state === "done") break;
    await nodes[place]!.kill();
    killedInTheMiddle += 1;
    seen = String(moved.updatedAt);
    nodes[place] = startNode(layout[place]!, system.environment);
  }
  const done = await until(
    async () => {
      const one = await erasureOf(system, id);
      return one.state === "done" ? one : undefined;
    },
    { withinMs: 60_000 },
  );

  expect(killedInTheMiddle).toBeGreaterThan(0); // more often where it takes longer than a start
  const told = done.report.find(({ kind }) => kind === "interaction");
  expect(told?.found).toBe(3 + batches * batch);
  const places = await placesOf(system, person.words);
  expect([...places].filter(([, found]) => found.size > 0)).toEqual([]);
}, 180_000);

const ask = ({ http, token }: System, method: string, path: string, body?: object) =>
  http(method, `/api/v1${path}`, { token, ...(body ? { body } : {}) });

const erasureOf = (system: System, id: string): Promise<Erasure> =>
  until(async () => expected(await ask(system, "GET", `/erasures/${id}`), 200).json<Erasure>());

/** Hundreds of messages, for which the person must be heard again. */
async function writeMore(system: System, { email, inbox, words }: Person): Promise<void> {
  const { items } = (await ask(system, "GET", "/block-list")).json<{ items: { id: string }[] }>();
  for (const { id } of items) await ask(system, "DELETE", `/block-list/${id}`);
  for (let sent = 0; sent < batches; sent += 1) {
    const messages = Array.from({ length: batch }, () => ({
      externalId: randomUUID(),
      from: { type: "email", value: email },
      threadKey: words[0],
      text: `${String(words[1])} writes`,
    }));
    const answer = await system.http("POST", `/api/v1/channels/${inbox.channelId}/messages/batch`, {
      token: inbox.key,
      body: { messages },
    });
    const outcomes = expected(answer, 207).json<{ items: { status: number }[] }>().items;
    expect(outcomes.every(({ status }) => status === 201)).toBe(true);
  }
}
