/** Asking for templates of messages and tags of cases, as they are described (B11). */
import { randomUUID } from "node:crypto";
import { ifMatch, type Asking } from "./asking.ts";

export async function askOfTemplates({ ask }: Pick<Asking, "ask">, campaignId: string) {
  const category = await ask("channels.createTemplateCategory", { body: { name: randomUUID() } });
  const categoryPath = { id: category.id };
  await ask("channels.listTemplateCategories");
  await ask("channels.changeTemplateCategory", {
    path: categoryPath,
    body: { name: randomUUID() },
    headers: ifMatch(category),
  });
  const body = {
    ...{ name: randomUUID(), channelType: "email", text: "Dear {{customer.name}}" },
    ...{ subject: "Case {{case.number}}", html: "<p>Hi</p>", cc: ["desk@example.com"] },
  };
  const template = await ask("channels.createTemplate", { body });
  const path = { id: template.id };
  await ask("channels.listTemplates", { query: "?channelType=email&count=true" });
  await ask("channels.getTemplate", { path });
  await ask("channels.changeTemplate", {
    path,
    body: { campaignIds: [campaignId] },
    headers: ifMatch(template),
  });
  await ask("channels.duplicateTemplate", { path, body: { name: randomUUID() } });
  const customer = await ask("customers.create", { body: { firstName: "Ada" } });
  const kase = await ask("cases.create", {
    body: { customerId: customer.id, description: "x", campaignId, tags: ["vip"] },
  });
  const casePath = { id: kase.id };
  await ask("cases.tag", { path: casePath, body: { add: ["billing"], remove: ["vip"] } });
  await ask("cases.listTags", { query: `?campaignId=${campaignId}&q=bil` });
  await ask("cases.listTemplates", { path: casePath, query: "?count=true" });
  await ask("cases.fillTemplate", { path: { ...casePath, templateId: template.id } });
  await ask("channels.deleteTemplate", { path });
  await ask("channels.deleteTemplateCategory", { path: categoryPath });
}
