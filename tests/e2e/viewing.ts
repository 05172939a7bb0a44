/** An office whose campaign has a script and tabs, one of which asks a system of the company's own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import type { ReadCase } from "#shared/contracts/cases.ts";
import type { CaseTab } from "#shared/contracts/cases/tabs.ts";
import type { Parts } from "#shared/contracts/cases/view.ts";
import { startAnotherSystem } from "#shared/testing/another-system.ts";
import { until } from "#shared/testing/until.ts";
import { answerOf, fits } from "../described.ts";
import type { Answer } from "../system/http.ts";
import { expected, makeInbox } from "../system/system.ts";
import { startWorld } from "./world.ts";

const field = { key: "plan", label: "Plan", type: "text", required: true };
const finding = { key: "debt", label: "Debt", path: "invoices.0.total" };
const toggles = { queueAssignment: false, agentsSeeAllCases: true, showOtherCampaigns: true };
const include = "customer,contactPoints,account,conversation,attachments,script,tabs";

interface Asked {
  token?: string;
  body?: object;
  headers?: Record<string, string>;
}

/** The world with files as a process of its own, for it to be away. */
export async function startViewing() {
  const system = await startAnotherSystem();
  const folder = mkdtempSync(join(tmpdir(), "casewire-view-"));
  const trusted = join(folder, "trusted.pem");
  writeFileSync(trusted, system.cert);
  const world = await startWorld({
    layout: ["identity,campaigns,channels,customers,cases,audit,gateway", "files"],
    environment: { HOSTS_INSIDE: system.host, NODE_EXTRA_CA_CERTS: trusted },
  });
  const { inbox } = world;
  const ask = (method: string, path: string, { token, ...more }: Asked = {}) =>
    world.system.http(method, `/api/v1${path}`, { token: token ?? world.system.token, ...more });
  const put = async (part: string, body: unknown) =>
    expected(
      await ask("PUT", `/campaigns/${inbox.campaignId}/${part}`, { body: body as object }),
      200,
    );

  const [agent, supervisor] = [await world.aUser("agent"), await world.aUser("supervisor")];
  await put("agents", [{ userId: agent.id, channelIds: [inbox.channelId] }]);
  await put("supervisors", [supervisor.id]);
  await put("options", toggles);
  await put("script", { html: "<p>Dear {{customer.name}} of {{case.number}}</p>" });
  const address = `${system.url}/c/{{customer.documentNumber}}?n={{case.number}}`;
  await put("tabs", [
    { title: "Catalogue", kind: "link", address: "https://example.com/{{customer.name}}" },
    { title: "Survey", kind: "form", fields: [field] },
    { title: "Billing", kind: "integration", keepsValues: true, address, findings: [finding] },
  ]);
  const { headers } = expected(await ask("GET", `/campaigns/${inbox.campaignId}`), 200);
  const changed = await ask("PATCH", `/campaigns/${inbox.campaignId}`, {
    headers: { "if-match": String(headers.etag) },
    body: { caseTypes: [{ name: "Claim" }, { name: "Question" }] },
  });
  const { caseTypes } = expected(changed, 200).json<{ caseTypes: { id: string }[] }>();
  // files is a process of its own here, and comes when it comes
  await until(async () => (await ask("GET", "/cases/none/attachments")).status === 404);

  /** What an operation answers; it fits what is described. */
  const held = async <T>(operationId: string, asked: Answer | Promise<Answer>): Promise<T> => {
    const answer = expected(await asked, 200);
    const { schema } = answerOf(operationId, 200);
    expect([operationId, fits(schema, answer.json())]).toEqual([operationId, true]);
    return answer.json<T>();
  };

  const tabs = async (id: string) =>
    (
      await held<{ items: CaseTab[] }>(
        "cases.listTabs",
        ask("GET", `/cases/${id}/tabs`, { token: agent.token }),
      )
    ).items;

  return {
    ...{ world, system, inbox, agent, supervisor, caseTypes, ask, held, tabs },
    other: await makeInbox(world.system),
    view: (id: string, token = agent.token) =>
      held<ReadCase & Parts>("cases.get", ask("GET", `/cases/${id}?include=${include}`, { token })),
    tabOf: async (id: string, title: string) =>
      String((await tabs(id)).find((one) => one.title === title)?.id),
    /** The log of a case, newest first, once it has so many entries. */
    log: (id: string, count: number) =>
      until(async () => {
        const answer = expected(await ask("GET", `/cases/${id}/changes?limit=200`), 200);
        const { items } = answer.json<{ items: ChangeEntry[] }>();
        return items.length >= count && items;
      }),
    async stop() {
      await world.system.stop();
      await system.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type Viewing = Awaited<ReturnType<typeof startViewing>>;
