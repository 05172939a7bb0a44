/** Everything that is asked about business rules, to be held against its description. */
import { until } from "#shared/testing/until.ts";
import { ifMatch, type Asking } from "./asking.ts";

/** A rule and its webhook are made, act on a case, and are taken away again. */
export async function askOfRules({ ask }: Pick<Asking, "ask">, campaignId: string): Promise<void> {
  const webhook = await ask("automation.createWebhook", {
    body: { name: "CRM", url: "https://8.8.8.8/hook" },
  });
  // nothing leaves the house: calls of a disabled webhook fail
  const off = { body: { enabled: false }, headers: ifMatch(webhook) };
  await ask("automation.changeWebhook", { path: { id: webhook.id }, ...off });
  const rule = await ask("automation.createRule", {
    body: {
      ...{ name: "Urgent", campaignIds: [campaignId], kind: "trigger", trigger: "caseCreated" },
      all: [{ column: "case.subject", operator: "contains", value: "urgent" }],
      any: [{ column: "hours.sinceCreated", operator: "isLessThan", value: 2 }],
      actions: [
        { kind: "setPriority", priority: "high" },
        { kind: "callWebhook", webhookId: webhook.id },
      ],
    },
  });
  const path = { id: rule.id };
  const copy = await askOfList({ ask }, rule.id);
  const body = { customer: { firstName: "Ada" }, subject: "Urgent", description: "x", campaignId };
  const kase = await ask("cases.create", { body });

  await until(async () => {
    const query = "?from=2026-01-01T00:00:00Z&count=true";
    const log = { path: { id: kase.id }, query };
    const { items } = await ask<{ items: { state: string }[] }>("automation.ofCase", log);
    return items[0]?.state === "done";
  });
  await ask("automation.ofRule", { path });
  await ask("automation.listWebhooks");
  const failed = await until(async () => {
    const asked = { path: { id: webhook.id }, query: "?state=failed" };
    const { items } = await ask<{ items: { id: string }[] }>("automation.listDeliveries", asked);
    return items[0];
  });
  await ask("automation.redeliver", { path: { id: failed.id } });

  await ask("automation.changeRule", { path, body: { enabled: false }, headers: ifMatch(rule) });
  for (const { id } of [rule, copy]) await ask("automation.deleteRule", { path: { id } });
  await ask("automation.deleteWebhook", { path: { id: webhook.id } });
}

/** A rule is read, copied and put behind its copy. */
async function askOfList({ ask }: Pick<Asking, "ask">, id: string) {
  const path = { id };
  await ask("automation.getRule", { path });
  const copy = await ask("automation.duplicateRule", { path, body: { name: "Copy" } });
  const headers = ifMatch(await ask("automation.listRules", { query: "?kind=trigger" }));
  await ask("automation.orderRules", { body: { items: [copy.id, id] }, headers });
  return copy;
}
