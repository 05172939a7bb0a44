/** The service that tells users is killed again and again, while it tells them and sends e-mails (P4, P5, P13). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { startMailServer } from "../e2e/mail-server.samples.ts";
import { announce } from "../system/agents.ts";
import { startNode } from "../system/nodes.ts";
import {
  aMessage,
  beside,
  expected,
  makeInbox,
  post,
  signIn,
  startSystem,
  type System,
} from "../system/system.ts";

const others = beside("notifications");
/** NOTIFICATION_KILLS=10 is the whole drill. */
const kills = Number(process.env["NOTIFICATION_KILLS"] ?? 1);
const perKill = 30;

let system: System;
let mailServer: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  mailServer = await startMailServer();
  system = await startSystem(
    { mongodbUrl: String(process.env["MONGODB_URL"]), natsUrl: String(process.env["NATS_URL"]) },
    [others, "notifications", "notifications"],
    { SMTP_URL: mailServer.url, MAIL_FROM: "desk@casewire.example" },
  );
}, 90_000);
afterAll(async () => {
  await system.stop();
  await mailServer.stop();
});

const get = async <T>(path: string, token = system.token) =>
  expected(await system.http("GET", `/api/v1${path}`, { token }), 200).json<T>();

/** A user who sees every case, and so gets every e-mail. */
async function aUser(): Promise<{ id: string; token: string }> {
  const email = `${randomUUID()}@example.com`;
  const password = "a-long-enough-one";
  const body = { email, name: "Ada", role: "administrator", password };
  const made = await system.http("POST", "/api/v1/users", { body, token: system.token });
  const { id } = expected(made, 201).json<{ id: string }>();
  return { id, token: await signIn(system.http, { email, password }) };
}

test(
  `P4, P5, P13: each of ${kills * perKill} transfers is told once and mailed once at most, though both replicas are killed, ${kills} times`,
  async () => {
    const user = await aUser();
    const inbox = await makeInbox(system);
    const { campaignId } = inbox;
    const filed = await Promise.all(
      Array.from({ length: kills * perKill }, () => post(system.http, inbox, aMessage())),
    );
    const cases = filed.map((one) => expected(one, 201).json<{ case: { id: string } }>().case.id);

    for (let kill = 0; kill < kills; kill += 1) {
      const now = cases.slice(kill * perKill, (kill + 1) * perKill);
      await announce(
        system,
        "cases.transferred",
        now.map((id) => ({
          aggregate: { kind: "case", id, version: 9 },
          data: {
            ...{ id, campaignId, formerCampaignId: campaignId, to: "user" },
            ...{ assigneeId: user.id, previousAssigneeId: null },
          },
        })),
      );
      const before = mailServer.letters.length;
      await until(() => mailServer.letters.length > before); // in the middle of it
      for (const place of [1, 2]) {
        await system.nodes[place]?.kill();
        system.nodes[place] = startNode("notifications", system.environment);
      }
    }

    const told = await until(
      async () => {
        const { items } = await get<{ items: { caseId: string }[] }>(
          "/notifications?limit=200",
          user.token,
        );
        return items.length >= cases.length && items;
      },
      { withinMs: 60_000, everyMs: 200 },
    );
    const mails = await until(
      async () => {
        const { items } = await get<{ items: { id: string; state: string; caseId: string }[] }>(
          "/outgoing-mails?limit=200",
        );
        const open = items.filter(({ state }) => state === "queued" || state === "sending");
        return items.length >= cases.length && open.length === 0 && items;
      },
      { withinMs: 60_000, everyMs: 200 },
    );

    expect(told.map(({ caseId }) => caseId).sort()).toEqual([...cases].sort());
    expect(mails.map(({ caseId }) => caseId).sort()).toEqual([...cases].sort());
    const taken = mailServer.letters.map((letter) => /^Message-ID: <([^@]+)@/m.exec(letter)?.[1]);
    expect(new Set(taken).size).toBe(taken.length);
    const inState = (state: string) => mails.filter((mail) => mail.state === state);
    expect(inState("sent").length + inState("uncertain").length).toBe(mails.length);
    for (const { id } of inState("sent")) expect(taken).toContain(id);
  },
  60_000 + kills * 60_000,
);
