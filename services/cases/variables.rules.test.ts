/** Variables of scripts and tabs, filled in from a case (F201, F202). */
import { expect, test } from "@jest/globals";
import { variables } from "#shared/variables.rules.ts";
import { aCase } from "./a-case.ts";
import { filledAddress, filledScript, words, type Facts } from "./variables.rules.ts";

const at = new Date("2026-03-01T10:00:00Z");
const point = (type: "email" | "mobile" | "postal", value: string) => ({
  ...{ id: value, type, value, createdAt: at },
});

const facts = (said: object = {}, more: Partial<Facts> = {}): Facts => ({
  kase: aCase({
    ...{ id: "case-1", number: 7, campaignId: "support", customerId: "ada", caseTypeId: "claim" },
    ...{ subject: "Router", description: "It blinks", accountNumber: "AB-12" },
    ...said,
  }),
  user: { id: "bo", name: "Bo" },
  customer: {
    ...{ id: "ada", kind: "person", displayName: "Ada Lovelace", firstName: "Ada" },
    ...{ lastName: "Lovelace", documentType: "CC", documentNumber: "1815", tags: [] },
    contactPoints: [
      ...[point("postal", "St James's Square"), point("mobile", "+573001112233")],
      ...[point("email", "ada@example.com"), point("email", "late@example.com")],
    ],
    ...{ disabled: false, version: 1, createdAt: at, updatedAt: at },
  },
  campaign: { name: "Support", caseTypes: [{ id: "claim", name: "Claim" }] },
  ...more,
});

test("F201: every variable says what stands in the case, its customer, account, campaign and user", () => {
  const said = Object.fromEntries(variables.map((name) => [name, words[name](facts())]));

  expect(said).toEqual({
    "customer.id": "ada",
    "customer.name": "Ada Lovelace",
    "customer.firstName": "Ada",
    "customer.lastName": "Lovelace",
    "customer.businessName": undefined,
    "customer.documentType": "CC",
    "customer.documentNumber": "1815",
    "customer.email": "ada@example.com",
    "customer.phone": "+573001112233",
    "case.id": "case-1",
    "case.number": "7",
    "case.subject": "Router",
    "case.description": "It blinks",
    "case.status": "new",
    "case.priority": "medium",
    "case.type": "Claim",
    "account.number": "AB-12",
    "campaign.id": "support",
    "campaign.name": "Support",
    "user.id": "bo",
    "user.name": "Bo",
  });
});

test("F201: a value is text in a script, whatever it holds, and one that is missing says nothing", () => {
  const subject = `<img src=x onerror="a('b')"> & {{user.name}}`;

  const html = filledScript(
    "<p>{{case.subject}}|{{customer.businessName}}|</p>",
    facts({ subject }),
  );

  expect(html).toBe(
    "<p>&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt; &amp; {{user.name}}||</p>",
  );
});

test.each([
  ["a/b?c=d&e#f", "https://crm.example.com/c/a%2Fb%3Fc%3Dd%26e%23f?n=7"],
  ["ñ ö", "https://crm.example.com/c/%C3%B1%20%C3%B6?n=7"],
  ["..", "https://crm.example.com/c/?n=7"],
  [".", "https://crm.example.com/c/?n=7"],
  ["@evil.example", "https://crm.example.com/c/%40evil.example?n=7"],
  ["\ud800", "https://crm.example.com/c/%EF%BF%BD?n=7"],
])("F202: in an address the value %j stays in its place", (subject, filled) => {
  const address = "https://crm.example.com/c/{{case.subject}}?n={{case.number}}";

  expect(filledAddress(address, facts({ subject }))).toBe(filled);
});

test("F201: a script does not grow without bounds", () => {
  const description = "&".repeat(20_000);

  const html = filledScript(
    "{{case.description}}".repeat(2_000) + "{{case.number}}",
    facts({ description }),
  );

  expect(html.length).toBeLessThan(150_001);
  expect(html.endsWith("7")).toBe(true);
});
