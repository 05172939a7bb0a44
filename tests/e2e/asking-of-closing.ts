/** Everything that is asked about closing and handing on, to be held against its description. */
import type { Asking } from "./asking.ts";

/** Closing, escalating and transferring a case, and jobs over many. */
export async function askOfClosing(
  { ask }: Pick<Asking, "ask">,
  campaignId: string,
): Promise<void> {
  const form = { customer: { firstName: "Ada" }, description: "Here", campaignId };
  const { id } = await ask("cases.create", { body: form });
  const path = { id };
  const { id: otherId } = await ask("campaigns.create", { body: { name: `Other ${id}` } });
  await ask("cases.transferTargets", { path, query: `?campaignId=${otherId}` });
  await ask("cases.escalate", { path, body: { reason: "Angry" } });
  await ask("cases.transfer", { path, body: { campaignId: otherId, reason: "Sales" } });
  await ask("cases.closing", { path });
  await ask("cases.close", { path });

  const made = await ask("cases.bulkCreate", {
    body: { cases: [form, { ...form, caseTypeId: "x" }] },
  });
  const jobPath = { id: made.id };
  await ask("cases.bulkClose", {
    body: { filter: { campaignId: [campaignId], priority: ["low"] } },
  });
  await ask("cases.listBulkJobs", { query: "?count=true&state=running,done" });
  await ask("cases.getBulkJob", { path: jobPath });
  await ask("cases.listBulkRows", { path: jobPath, query: "?limit=10" });
  await ask("cases.cancelBulkJob", { path: jobPath });
}
