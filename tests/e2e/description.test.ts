/** The whole system answers as its description says (B11). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import { operations } from "../described.ts";
import { aMessage, type Inbox, type System } from "../system/system.ts";
import { askOfActivities } from "./asking-of-activities.ts";
import { askOfBelongings, askOfPrivacy, askOfProfile } from "./asking-of-customers.ts";
import { askOfClosing } from "./asking-of-closing.ts";
import { askOfMerging } from "./asking-of-merging.ts";
import { askOfImports } from "./asking-of-imports.ts";
import { askOfNotifications } from "./asking-of-notifications.ts";
import { askOfRules } from "./asking-of-rules.ts";
import { askOfTemplates } from "./asking-of-templates.ts";
import { askOfSending } from "./asking-of-sending.ts";
import { askOfUsers } from "./asking-of-users.ts";
import { ifMatch, isAskedElsewhere, startAsking, type Asking } from "./asking.ts";

let system: System;
let inbox: Inbox;
let ask: Asking["ask"];
let asked: Asking["asked"];

beforeAll(async () => {
  ({ system, inbox, ask, asked } = await startAsking());
}, 90_000);
afterAll(() => system.stop());

test("B11: users and sessions", () => askOfUsers(ask));

test("B11: campaigns and channels", async () => {
  const campaign = await ask("campaigns.create", { body: { name: `C ${randomUUID()}` } });
  const path = { id: campaign.id };
  await ask("campaigns.list", { query: "?enabled=true" });
  await ask("campaigns.get", { path });
  const body = { description: "x", caseTypes: [{ name: "Claim" }] };
  await ask("campaigns.change", { path, body, headers: ifMatch(campaign) });
  const channel = await ask("channels.create", {
    body: { name: "Mail", type: "email", direction: "both", campaignId: campaign.id },
  });
  await ask("campaigns.setChannels", { path, body: [channel.id] });
  await ask("campaigns.setAgents", { path, body: [] });
  await ask("campaigns.setSupervisors", { path, body: { items: [] } });
  await ask("campaigns.setOptions", { path, body: { agentsSeeAllCases: true } });
  const channelPath = { id: channel.id };
  await ask("channels.listTypes");
  await ask("channels.list", { query: `?campaignId=${campaign.id}` });
  await ask("channels.get", { path: channelPath });
  await ask("channels.change", {
    path: channelPath,
    body: { address: null },
    headers: ifMatch(channel),
  });
  const key = await ask("channels.createKey", { path: channelPath });
  await ask("channels.listKeys", { path: channelPath });
  await ask("channels.revokeKey", { path: { ...channelPath, keyId: key.id } });
});

test("B11: how campaigns are configured", async () => {
  const form = await ask("campaigns.createForm", { body: { name: `F ${randomUUID()}` } });
  const formPath = { id: form.id };
  await ask("campaigns.listForms", { query: "?count=true" });
  await ask("campaigns.getForm", { path: formPath });
  const body = { description: "x" };
  await ask("campaigns.changeForm", { path: formPath, body, headers: ifMatch(form) });
  await ask("campaigns.getFormVersion", { path: { ...formPath, version: "1" } });
  const facts = { name: `C ${randomUUID()}`, activityFormId: form.id };
  const path = { id: (await ask("campaigns.create", { body: facts })).id };
  await ask("campaigns.getCampaignForm", { path });
  await ask("campaigns.setScript", { path, body: { html: "<p>Hello {{customer.name}}</p>" } });
  await ask("campaigns.getScript", { path });
  const tab = { title: "CRM", kind: "embed", address: "https://8.8.8.8/?c={{customer.id}}" };
  await ask("campaigns.setTabs", { path, body: [tab] });
  await ask("campaigns.getTabs", { path });
  await ask("campaigns.duplicate", { path, body: { name: `C ${randomUUID()}` } });
});

test("B11: messages, their cases and their customers", async () => {
  const path = { id: inbox.channelId };
  const from = { type: "email", value: `${randomUUID()}@example.com`, name: "Ada Byron" };
  const attachments = [{ name: "a.txt", contentType: "text/plain", contentBase64: "aGk=" }];
  const message = aMessage({ from, attachments, subject: "Hi", metadata: { k: "v" } });
  const token = inbox.key;
  const outcome = await ask<{
    interactionId: string;
    case: { id: string };
    customer: { id: string };
  }>("channels.receive", { path, token, body: message });
  await ask("channels.receive", { path, token, body: message });
  await ask("channels.receive", {
    path,
    token,
    body: aMessage(),
    headers: { prefer: "respond-async" },
  });
  await ask("channels.receiveBatch", { path, token, body: { messages: [aMessage(), {}] } });
  await ask("channels.getInteraction", { path: { id: outcome.interactionId } });
  const casePath = { id: outcome.case.id };
  await ask("cases.list", { query: "?count=true&sort=created&status=new,open" });
  await ask("cases.get", { path: casePath });
  await ask("cases.conversation", { path: casePath });
  const customerPath = { id: outcome.customer.id };
  await ask("cases.listOfCustomer", { path: customerPath, query: "?count=true&status=new" });
  await ask("channels.listOfCustomer", { path: customerPath });
  await ask("customers.dashboard", { path: customerPath, query: "?from=2020-01-01T00:00:00Z" });
  await ask("files.listOfCase", { path: casePath, query: "?count=true" });
  const files = await ask<{ items: { id: string }[] }>("files.listOfCustomer", {
    path: customerPath,
  });
  await ask("files.delete", { path: { id: String(files.items[0]?.id) } });
  const kase = await ask("cases.create", {
    body: { customerId: outcome.customer.id, description: "x", campaignId: inbox.campaignId },
  });
  const edited = { path: { id: kase.id }, headers: ifMatch(kase) };
  const changed = await ask("cases.change", { ...edited, body: { subject: "y", accountId: null } });
  const other = await ask("customers.create", { body: { firstName: "Augusta" } });
  const given = { path: { id: kase.id }, headers: ifMatch(changed) };
  await ask("cases.replaceCustomer", { ...given, body: { customerId: other.id } });
});

test("B11: customers and the block list", async () => {
  const customer = await ask("customers.create", {
    body: {
      firstName: "Ada",
      lastName: "Byron",
      birthDate: "1980-01-31",
      documentType: "ID",
      documentNumber: randomUUID().slice(0, 20),
      tags: ["vip"],
      contactPoints: [{ type: "mobile", value: "+573001234567" }],
    },
  });
  const path = { id: customer.id };
  await ask("customers.list", { query: "?q=ada&count=true" });
  await ask("customers.get", { path });
  await ask("customers.change", { path, body: { gender: null }, headers: ifMatch(customer) });
  await ask("customers.similar", { path, query: "?limit=5" });
  const point = await ask("customers.addContactPoint", {
    path,
    body: { type: "postal", value: "1 Main Street", address: { line1: "1 Main Street" } },
  });
  const pointPath = { ...path, contactPointId: point.id };
  const email = { type: "email", value: `${randomUUID()}@example.com`, address: null };
  await ask("customers.changeContactPoint", {
    path: pointPath,
    body: email,
    headers: ifMatch(point),
  });
  await ask("customers.blockContactPoint", { path: pointPath, body: { reason: "spam" } });
  await ask("customers.listContactPoints", { path, query: `?channelId=${inbox.channelId}` });
  await ask("customers.unblockContactPoint", { path: pointPath });
  await ask("customers.removeContactPoint", { path: pointPath });
  const blocked = await ask("customers.block", {
    body: { type: "email", value: `${randomUUID()}@example.com`, reason: "spam" },
  });
  await ask("customers.listBlocked");
  await ask("customers.unblock", { path: { id: blocked.id } });
});

test("B11: accounts and relations of customers, and their merge", () => askOfBelongings({ ask }));

test("B11: who attends a customer, and the types of documents", () => askOfProfile({ ask }));

test("B11: closing and handing on cases, and many of them at once", () =>
  askOfClosing({ ask }, inbox.campaignId));

test("B11: activities and agendas", () => askOfActivities({ system, ask }));

test("B11: legal holds, erasures and retention", () => askOfPrivacy({ ask }));

test("B11: imports", () => askOfImports({ system, inbox, ask }));

test("B11: related and merged cases", () => askOfMerging({ ask, inbox, system, asked }));

test("B11: business rules and webhooks", () => askOfRules({ ask }, inbox.campaignId));

test("B11: templates, and tags of cases", () => askOfTemplates({ ask }, inbox.campaignId));

test("B11: notifications and e-mails", () => askOfNotifications({ system, inbox, asked, ask }));

test("B11: what is sent from a case", () => askOfSending({ ask, inbox, system }));

test("B11: the change log and sessions", async () => {
  await ask("audit.list", { query: "?limit=200" });
  await ask("audit.listDeadLetters");
  await ask("identity.listMySessions");
  await ask("identity.requestPasswordReset", { body: { email: "nobody@example.com" } });
});

test("B11: every operation but those named here was asked", () => {
  const elsewhere = [
    "audit.replayDeadLetter",
    // no JSON: activities.test.ts
    "cases.readAgendaFeed",
    "cases.streamPresence",
    // no JSON: sending.test.ts
    "channels.downloadOutboundFile",
    "channels.receiveRaw",
    "customers.export",
    "customers.exportPersonalData",
    "files.download",
    "files.upload",
    // signing in by other ways, and own sessions: people.test.ts
    "identity.changeMyPassword",
    "identity.endMySession",
    ...["identity.oidcCallback", "identity.oidcStart"],
    "identity.resetPassword",
    // e-mails that are uncertain: services/notifications/mail; as they come: notifications.test.ts
    "notifications.resendMail",
    "notifications.stream",
  ];
  const all = operations.map(({ operation }) => operation.operationId);

  expect(all.filter((one) => !asked.has(one) && !isAskedElsewhere(one)).sort()).toEqual(elsewhere);
});
