/** Templates of messages in a case (F152, G15): which are offered, and what they say in it. */
import { expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import type { Template } from "#shared/contracts/channels/templates.ts";
import { notFound, unavailable } from "#shared/errors.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

const bo = as("agent", { id: "bo", name: "Bo" });
const at = new Date("2026-03-01T10:00:00Z");

const aTemplate = (said: Partial<Template> = {}): Template => ({
  ...{ id: "hello", name: "Hello", channelType: "email", enabled: true, cc: [], bcc: [] },
  ...{ text: "", version: 1, createdAt: at, updatedAt: at, ...said },
});

const ada = {
  ...{ id: "ada", kind: "person" as const, displayName: "Ada <Byron>", firstName: "Ada" },
  ...{ tags: [], contactPoints: [], disabled: false, version: 1, createdAt: at, updatedAt: at },
};

/** Bo's case of Ada, and one template. */
async function startCase(said: Partial<Case> = {}, template: Partial<Template> = {}) {
  const kase = aCase({ assigneeId: "bo", customerId: "ada", ...said });
  const { id, campaignId } = kase;
  const scope = {
    ...{ campaignId, as: "agent" as const, channelIds: [] },
    ...{ agentsSeeAllCases: false, showOtherCampaigns: true },
  };
  const asked: object[] = [];
  const bus = await startBus(
    cases,
    standIn("campaigns", {
      scopesOf: () => [scope],
      get: ({ params }) => aCampaign(params.id, { name: "Support" }),
    }),
    standIn("customers", {
      get() {
        if (said.customerId === "away") throw unavailable("away");
        return ada;
      },
    }),
    standIn("channels", {
      offerTemplates({ params }) {
        asked.push(params);
        const { text: _text, html: _html, ...summary } = aTemplate(template);
        return { items: [summary], nextCursor: null };
      },
      offeredTemplate({ params }) {
        asked.push(params);
        if (params.id !== "hello") throw notFound("template", params.id);
        return aTemplate(template);
      },
    }),
  );
  await keep(kase);
  const fill = (templateId = "hello", one = id) =>
    bus.call("cases.fillTemplate", { id: one, templateId }, bo);
  return { bus, kase, fill, asked };
}

test("F152, G15: a template speaks of case, customer, account and user; what is empty says nothing", async () => {
  const { kase, fill } = await startCase(
    { subject: "Router", accountNumber: "AB-12" },
    {
      subject: "Case {{case.number}}: {{case.subject}}",
      text: "Dear {{customer.firstName}} ({{account.number}}){{customer.lastName}}, {{user.name}}",
      html: "<p>{{customer.name}}, {{campaign.name}}</p>",
      ...{ cc: ["desk@example.com"], bcc: [] },
    },
  );

  expect(await fill()).toEqual({
    ...{ templateId: "hello", name: "Hello", channelType: "email" },
    subject: `Case ${String(kase.number)}: Router`,
    text: "Dear Ada (AB-12), Bo",
    html: "<p>Ada &lt;Byron&gt;, Support</p>",
    ...{ cc: ["desk@example.com"], bcc: [], empty: ["customer.lastName"] },
  });
});

test("G15: values stay text in HTML, one line in a subject, and as they are in text", async () => {
  const description = 'a\r\nBcc: x@example.com\n<img src=x onerror="y">{{user.name}}';
  const { fill } = await startCase(
    { description },
    {
      ...{ subject: "{{case.description}}", text: "{{case.description}}" },
      html: "<p>{{case.description}}</p>",
    },
  );

  const filled = await fill();

  expect(filled.text).toBe(description);
  expect(filled.subject).toBe('a Bcc: x@example.com <img src=x onerror="y">{{user.name}}');
  expect(filled.html).toBe(
    "<p>a<br />Bcc: x@example.com<br />&lt;img src=x onerror=&quot;y&quot;&gt;{{user.name}}</p>",
  );
});

test("G15: a message does not grow without bounds", async () => {
  const description = "é".repeat(20_000);
  const { fill } = await startCase(
    { description },
    {
      text: "{{case.description}}".repeat(900),
      ...{ subject: "{{case.description}}", html: "{{case.description}}".repeat(900) },
    },
  );

  const { text, subject, html } = await fill();

  expect([text.length, subject?.length, html?.length]).toEqual([80_000, 500, 140_000]);
});

test("F152, F165: the templates of a case are those of its campaign, and of a channel", async () => {
  const { bus, kase, asked } = await startCase();
  const { id, campaignId } = kase;

  const page = await bus.call(
    "cases.listTemplates",
    { id: String(kase.number), channelId: "mail", q: "hel" },
    bo,
  );
  await bus.call("cases.fillTemplate", { id, templateId: "hello", channelId: "mail" }, bo);

  expect(page.items).toMatchObject([{ id: "hello", name: "Hello" }]);
  expect(asked).toEqual([
    { campaignId, channelId: "mail", q: "hel", limit: 50 },
    { id: "hello", campaignId, channelId: "mail" },
  ]);
});

test("F152, F125: whose case it is not, or who may only read it, gets no templates", async () => {
  const { bus, fill } = await startCase();
  const [hidden, foreign] = [await startCase({ assigneeId: "cy" }), aCase()];
  await keep(foreign);
  const readOnly = { code: 403, type: "READ_ONLY" };

  await expect(hidden.fill()).rejects.toMatchObject({ code: 404 });
  await expect(fill("hello", foreign.id)).rejects.toMatchObject(readOnly);
  await expect(bus.call("cases.listTemplates", { id: foreign.id }, bo)).rejects.toMatchObject(
    readOnly,
  );
  await expect(fill("other")).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
  await expect(bus.call("cases.listTemplates", { id: foreign.id })).rejects.toMatchObject({
    code: 401,
  });
});

test("F152: while customers is away, only what speaks of one cannot be had", async () => {
  const silent = await startCase({ customerId: "away" }, { text: "Case {{case.status}}" });
  const speaking = await startCase({ customerId: "away" }, { text: "{{customer.name}}" });

  expect(await silent.fill()).toMatchObject({ text: "Case new" });
  await expect(speaking.fill()).rejects.toMatchObject({ code: 503 });
});
