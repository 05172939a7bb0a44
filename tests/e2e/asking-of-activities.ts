/** Activities and agendas, asked of the whole system. */
import { randomUUID } from "node:crypto";
import { aMessage, makeInbox, post } from "../system/system.ts";
import type { Asking } from "./asking.ts";

export async function askOfActivities({
  system,
  ask,
}: Pick<Asking, "system" | "ask">): Promise<void> {
  const inbox = await makeInbox(system);
  const campaign = { id: inbox.campaignId };
  await ask("campaigns.setOptions", {
    path: campaign,
    body: { queueAssignment: false, prefillActivityForm: true },
  });
  const from = { type: "email", value: `${randomUUID()}@example.com` };
  const filed = await post(system.http, inbox, aMessage({ from, subject: "Order" }));
  const path = { id: filed.json<{ case: { id: string } }>().case.id };
  const user = await ask<{ id: string }>("identity.me");
  const planned = { nextActionDate: "2030-01-01", nextActionTime: "10:00" };
  const answers = { observations: "Called", ...planned };

  const saved = await ask("cases.saveActivity", { path, body: { answers, formVersion: 1 } });
  await ask("cases.listActivities", { path, query: "?limit=1&count=true" });
  await ask("cases.getActivity", { path: { ...path, activityId: saved.id } });
  await ask("cases.prefillActivity", { path });
  await ask("cases.listAgenda", { query: `?userId=${user.id}&count=true` });
  await ask("cases.listAgenda", { query: `?caseId=${path.id}&from=2029-01-01T00:00:00Z` });

  const link = await ask("cases.createAgendaLink", { body: { showSubjects: true } });
  await ask("cases.listAgendaLinks");
  await ask("cases.revokeAgendaLink", { path: { id: link.id } });
}
