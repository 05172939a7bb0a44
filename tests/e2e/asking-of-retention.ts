/** Everything that is asked about retention, to be held against its description. */
import type { Asking } from "./asking.ts";

/** A campaign's content on trial, and once for real. */
export async function askOfRetention({ ask }: Pick<Asking, "ask">): Promise<void> {
  const body = { name: `Retention ${String(Date.now())}`, retentionDays: 7 };
  const { id } = await ask("campaigns.create", { body });
  const path = { id };
  await ask("cases.startRetention", { path, body: { dryRun: true, retentionDays: 1 } });
  const run = await ask("cases.startRetention", { path, body: {} });
  await ask("cases.getRetentionRun", { path: { id: run.id } });
  await ask("cases.listRetentionRuns", { query: `?campaignId=${id}&count=true` });
}
