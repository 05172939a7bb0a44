/** What concerns agents at work answers as its description says (B11). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { expected, makeInbox, signIn } from "../system/system.ts";
import { askOfNotes } from "./asking-of-notes.ts";
import { ifMatch, ofAgents, ofNotes, startAsking, type Asking } from "./asking.ts";

let asking: Asking;
beforeAll(async () => {
  asking = await startAsking();
}, 90_000);
afterAll(() => asking.system.stop());

test("B11: agents at work, their cases, notes, drafts, pauses and supervisors", async () => {
  const { system, ask, asked } = asking;
  const { campaignId } = await makeInbox(system);
  const credentials = { email: `${randomUUID()}@example.com`, password: "a-long-enough-one" };
  const user = { ...credentials, name: "Ada", role: "agent" };
  const { id: userId } = await ask("identity.createUser", { body: user });
  expected(
    await system.http("PUT", `/api/v1/campaigns/${campaignId}/agents`, {
      body: [{ userId, channelIds: [] }],
      token: system.token,
    }),
    200,
  );
  const token = await signIn(system.http, credentials);
  const path = { userId };

  const kase = await ask("cases.create", {
    body: { customer: { firstName: "Ada" }, description: "Here", campaignId },
    token,
  });
  await ask("cases.enter", { path: { id: kase.id }, token });
  await ask("cases.presence", { path: { id: kase.id } });
  await askOfNotes(asking, kase.id);
  await ask("cases.exit", { path: { id: kase.id }, token });
  const body = { code: `r${randomUUID()}`, names: { en: "Dentist", es: "Dentista" } };
  const reason = await ask("identity.createPauseReason", { body });
  await ask("identity.changePauseReason", {
    path: { id: reason.id },
    body: { order: 5 },
    headers: ifMatch(reason),
  });
  await ask("identity.listPauseReasons", { query: "?enabled=true" });
  await ask("identity.setState", { body: { state: "paused", reason: body.code }, token });
  await ask("identity.heartbeat", { token });
  await ask("identity.getState", { token });
  await ask("identity.forceState", { path, body: { state: "wrapUp" } });
  await ask("identity.board", { query: `?campaignId=${campaignId}` });
  await ask("identity.stateHistory", { path, query: "?limit=2" });

  expect([...ofAgents, ...ofNotes].filter((one) => !asked.has(one))).toEqual([]);
});
