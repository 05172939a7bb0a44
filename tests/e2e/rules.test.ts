/** Business rules through the gateway: what administrators make, what comes of it, and who may look. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RuleExecution } from "#shared/contracts/automation/executions.ts";
import type { BusinessRule } from "#shared/contracts/automation/rules.ts";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Notification } from "#shared/contracts/notifications.ts";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { startMailServer } from "./mail-server.samples.ts";
import { ifMatch, startTeam, type Team } from "./team.ts";

let team: Team;
let mailServer: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  mailServer = await startMailServer();
  team = await startTeam({
    RULE_SWEEP_SECONDS: "1",
    SMTP_URL: mailServer.url,
    MAIL_FROM: "desk@casewire.example",
  });
}, 120_000);
afterAll(async () => {
  await team.system.stop();
  await mailServer.stop();
});

const aRule = async (body: object) =>
  expected(
    await team.ask("POST", "/business-rules", team.administrator, {
      campaignIds: [team.inbox.campaignId],
      ...body,
    }),
    201,
  ).json<BusinessRule>();
const caseOf = async (id: string) =>
  expected(await team.ask("GET", `/cases/${id}`), 200).json<Case>();
const pageOf = async <T>(path: string, by: { token: string }) =>
  expected(await team.ask("GET", path, by), 200).json<{ items: T[] }>().items;
const logOf = (idOrNumber: string | number, query = "") =>
  pageOf<RuleExecution & { at: string }>(
    `/cases/${String(idOrNumber)}/rule-executions${query}`,
    team.administrator,
  );
const ended = (id: string, count = 1) =>
  until(async () => {
    const log = await logOf(id);
    return log.length >= count && log.every(({ state }) => state === "done") && log;
  });

test("G10-G12, F118, F119, D18: a message sets a rule off, which acts, tells people, and is in both logs", async () => {
  const { agent, administrator, inbox } = team;
  const rule = await aRule({
    ...{ name: "Angry customers", kind: "trigger", trigger: "interactionReceived" },
    all: [
      { column: "case.subject", operator: "contains", value: "refund" },
      { column: "case.channelType", operator: "is", value: "webchat" },
      { column: "time.ofDay", operator: "isAtLeast", value: "00:00" },
    ],
    actions: [
      { kind: "setPriority", priority: "high" },
      { kind: "assign", assigneeId: agent.id },
      { kind: "notify", to: "assignee", message: "An angry customer" },
      { kind: "sendEmail", to: "supervisors", subject: "Angry customer", text: "Please look." },
    ],
  });

  const { case: other } = await team.send({ subject: "Hello", threadKey: "a" });
  const { case: kase } = await team.send({ subject: "My REFUND", threadKey: "b" });
  const [entry] = await ended(kase.id);

  const now = await caseOf(kase.id);
  expect(now).toMatchObject({ priority: "high", status: "transferred", assigneeId: agent.id });
  expect(now.campaignId).toBe(inbox.campaignId);
  expect(entry).toMatchObject({
    ...{ ruleId: rule.id, ruleName: "Angry customers", event: "interactions.received" },
    ...{ caseId: kase.id, at: expect.any(String) },
    actions: ["setPriority", "assign", "notify", "sendEmail"].map((kind) => ({
      ...{ kind, state: "done", at: expect.any(String) },
    })),
  });
  const notices = () => pageOf<Notification>("/notifications", agent);
  const told = await until(async () =>
    (await notices()).find(({ kind, caseId }) => kind === "ruleNotice" && caseId === kase.id),
  );
  expect(told).toMatchObject({ message: "An angry customer", caseNumber: kase.number });
  await until(() =>
    mailServer.letters.some((mail) => mail.includes(`Case ${String(kase.number)}`)),
  );
  const changes = await until(async () => {
    const all = await pageOf<ChangeEntry>(`/cases/${kase.id}/changes`, administrator);
    const byRule = all.filter(({ because }) => because === "rule");
    return byRule.length >= 2 && byRule;
  });
  expect(changes).toContainEqual(
    expect.objectContaining({
      ...{ actorId: rule.id, actorName: "Angry customers", cause: entry!.id },
      changes: [{ field: "priority", old: "medium", new: "high" }],
    }),
  );
  expect(await logOf(other.id)).toEqual([]);
  expect(await logOf(kase.number)).toHaveLength(1);
  expect(await logOf(kase.id, `?to=${entry!.at}`)).toEqual([]);
  expect(await logOf(kase.id, `?from=${entry!.at}`)).toHaveLength(1);
  expect(await pageOf(`/business-rules/${rule.id}/executions`, administrator)).toHaveLength(1);
});

test("G10, G01: time that passes sets a rule off once; nobody has looked at the case by that", async () => {
  const { id } = (await team.send({ subject: "Slow", threadKey: "c" })).case;
  await aRule({
    ...{ name: "Waiting", kind: "automation" },
    all: [
      { column: "hours.sinceCreated", operator: "isAtLeast", value: 0.0001 },
      { column: "case.subject", operator: "is", value: "slow" },
    ],
    actions: [{ kind: "setPriority", priority: "low" }],
  });
  await ended(id);
  await aRule({
    ...{ name: "Witness of another sweep", kind: "automation" },
    all: [
      { column: "hours.sinceCreated", operator: "isAtLeast", value: 0.0001 },
      { column: "case.subject", operator: "is", value: "slow" },
    ],
    actions: [{ kind: "escalate" }],
  });

  const log = await ended(id, 2);

  expect(log.map(({ ruleName }) => ruleName)).toEqual(["Witness of another sweep", "Waiting"]);
  expect(await caseOf(id)).toMatchObject({ priority: "low", status: "escalated" });
  const { items } = (await team.ask("GET", `/cases/${id}/changes`)).json<{
    items: ChangeEntry[];
  }>();
  const opened = items.flatMap(({ changes }) => changes).filter((one) => one.new === "open");
  expect(opened).toEqual([]);
});

test("G10, F226: only administrators make rules, see them, and see what they did", async () => {
  const { id, version } = await aRule({
    ...{ name: "Mine", kind: "trigger", trigger: "caseCreated", enabled: false },
    actions: [{ kind: "escalate" }],
  });
  const { id: caseId } = (await team.send({ subject: "Plain", threadKey: "d" })).case;
  const routes: [string, string, object?][] = [
    ["GET", "/business-rules"],
    ["POST", "/business-rules", { name: "x" }],
    ["GET", `/business-rules/${id}`],
    ["PATCH", `/business-rules/${id}`, { enabled: true }],
    ["DELETE", `/business-rules/${id}`],
    ["GET", `/business-rules/${id}/executions`],
    ["GET", `/cases/${caseId}/rule-executions`],
    ["GET", "/webhooks"],
    ["POST", "/webhooks", { name: "x", url: "https://example.com" }],
  ];

  for (const by of [team.agent, team.supervisor]) {
    for (const [method, path, body] of routes) {
      const { status } = await team.ask(method, path, by, body, ifMatch(version));
      expect([method, path, status]).toEqual([method, path, 403]);
    }
  }

  const change = (headers: Record<string, string>) =>
    team.ask("PATCH", `/business-rules/${id}`, team.administrator, { name: "Ours" }, headers);
  expect((await change({})).status).toBe(428);
  expect((await change(ifMatch(version + 1))).status).toBe(412);
  const changed = await change(ifMatch(version));
  expect([changed.status, changed.headers["etag"]]).toEqual([200, '"2"']);
  const unknown = await team.ask("GET", "/cases/unknown/rule-executions");
  expect(unknown.status).toBe(404);
  const bad = await team.ask("POST", "/webhooks", team.system, {
    ...{ name: "x", url: "https://[::1]/" },
  });
  expect(bad.status).toBe(422);
  expect(bad.json()).toMatchObject({ errors: [{ path: "url" }] });
});

test("G10, D04: no rule acts on a closed case", async () => {
  const { id } = (await team.send({ subject: "Over", threadKey: "e" })).case;
  expected(await team.ask("POST", `/cases/${id}/close`, team.supervisor), 200);
  await aRule({
    ...{ name: "Late", kind: "automation" },
    all: [{ column: "hours.sinceCreated", operator: "isAtLeast", value: 0 }],
    any: [
      { column: "case.subject", operator: "is", value: "over" },
      { column: "case.subject", operator: "is", value: "still there" },
    ],
    actions: [{ kind: "escalate" }],
  });
  const { id: openId } = (await team.send({ subject: "Still there", threadKey: "f" })).case;

  await ended(openId);

  expect(await logOf(id)).toEqual([]);
  expect((await caseOf(id)).status).toBe("closed");
});
