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
import { askerOf, beside, expected, makeInbox, type Ask } from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

const field = { key: "plan", label: "Plan", type: "text", required: true };
const finding = { key: "debt", label: "Debt", path: "invoices.0.total" };
const toggles = { queueAssignment: false, agentsSeeAllCases: true, showOtherCampaigns: true };
const include =
  "customer,contactPoints,account,conversation,notes,attachments,script,tabs,activities,agenda";

/** What an operation answers; it fits what is described. */
async function held<T>(operationId: string, asked: Answer | Promise<Answer>): Promise<T> {
  const answer = expected(await asked, 200);
  const { schema } = answerOf(operationId, 200);
  expect([operationId, fits(schema, answer.json())]).toEqual([operationId, true]);
  return answer.json<T>();
}

/** @param elsewhere where the integration asks */
async function anOffice(world: World, ask: Ask, elsewhere: string) {
  const campaign = `/campaigns/${world.inbox.campaignId}`;
  const put = async (part: string, body: unknown) =>
    expected(await ask("PUT", `${campaign}/${part}`, { body: body as object }), 200);
  const [agent, supervisor] = [await world.aUser("agent"), await world.aUser("supervisor")];
  await put("agents", [{ userId: agent.id, channelIds: [world.inbox.channelId] }]);
  await put("supervisors", [supervisor.id]);
  await put("options", toggles);
  await put("script", { html: "<p>Dear {{customer.name}} of {{case.number}}</p>" });
  const address = `${elsewhere}/{{customer.documentNumber}}?n={{case.number}}`;
  await put("tabs", [
    { title: "Catalogue", kind: "link", address: "https://example.com/{{customer.name}}" },
    { title: "Survey", kind: "form", fields: [field] },
    { title: "Billing", kind: "integration", keepsValues: true, address, findings: [finding] },
  ]);
  const { headers } = expected(await ask("GET", campaign), 200);
  const body = { caseTypes: [{ name: "Claim" }, { name: "Question" }] };
  const ifMatch = { "if-match": String(headers.etag) };
  const changed = expected(await ask("PATCH", campaign, { headers: ifMatch, body }), 200);
  const { caseTypes } = changed.json<{ caseTypes: { id: string }[] }>();
  return { agent, supervisor, caseTypes };
}

/** The world with files as a process of its own, for it to be away. */
export async function startViewing() {
  const system = await startAnotherSystem();
  const folder = mkdtempSync(join(tmpdir(), "casewire-view-"));
  const trusted = join(folder, "trusted.pem");
  writeFileSync(trusted, system.cert);
  const world = await startWorld({
    layout: [beside("files"), "files"],
    environment: { HOSTS_INSIDE: system.host, NODE_EXTRA_CA_CERTS: trusted },
  });
  const ask = askerOf(() => world.system);
  const office = await anOffice(world, ask, `${system.url}/c`);
  // files is a process of its own here, and comes when it comes
  await until(async () => (await ask("GET", "/cases/none/attachments")).status === 404);
  const { agent } = office;
  const tabs = async (id: string) => {
    const asked = ask("GET", `/cases/${id}/tabs`, { token: agent.token });
    return (await held<{ items: CaseTab[] }>("cases.listTabs", asked)).items;
  };

  return {
    ...{ ...office, world, system, ask, held, tabs, inbox: world.inbox },
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
