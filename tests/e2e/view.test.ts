/** The management view, script and tabs, and the change log of a case, through the gateway. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Case } from "#shared/contracts/cases.ts";
import type { TabValues } from "#shared/contracts/cases/tabs.ts";
import { json } from "#shared/testing/another-system.ts";
import { aMessage, expected, post } from "../system/system.ts";
import { deeds, doTo, folded, people, told } from "./case-log.ts";
import { startViewing, type Viewing } from "./viewing.ts";
import type { Outcome } from "./world.ts";

let office: Viewing;
let { ask, held, view, tabs, tabOf, log, world, agent, supervisor, system } = {} as Viewing;

beforeAll(async () => {
  office = await startViewing();
  ({ ask, held, view, tabs, tabOf, log, world, agent, supervisor, system } = office);
}, 90_000);
afterAll(() => office.stop());

const from = { type: "email", value: "ada@example.com", name: "Ada <Byron>" };

test("F072-F076, F080, F082: a case with its whole view in one call, for every role that sees it", async () => {
  const { case: kase, customer } = await world.send({ from });
  const note = { token: agent.token, body: { text: "Rings twice" } };
  expected(await ask("POST", `/cases/${kase.id}/notes`, note), 201);

  for (const { token } of [agent, supervisor, world.system]) {
    const seen = await view(String(kase.number), token);

    expect(seen).toMatchObject({
      ...{ id: kase.id, number: kase.number, campaignId: office.inbox.campaignId },
      customer: { state: "ready", id: customer.id, displayName: "Ada <Byron>" },
      contactPoints: { state: "ready", items: [{ value: from.value, blocked: false }] },
      account: { state: "none" },
      conversation: { state: "ready", items: [{ seq: 1 }], nextCursor: null },
      notes: { state: "ready", items: [{ text: "Rings twice" }] },
      attachments: { state: "ready", items: [] },
      script: { html: `<p>Dear Ada &lt;Byron&gt; of ${String(kase.number)}</p>` },
    });
    const [link] = seen.tabs?.state === "ready" ? seen.tabs.items : [];
    expect(link?.address).toBe("https://example.com/Ada%20%3CByron%3E");
  }
  const unknown = await ask("GET", `/cases/${kase.id}?include=customer,secrets`);
  expect([unknown.status, unknown.json()]).toMatchObject([
    422,
    { errors: [{ path: "include[1]" }] },
  ]);
});

test("F125: of another campaign's case script and tabs are denied, the rest is read", async () => {
  const sent = expected(await post(world.system.http, office.other, aMessage({ from })), 201);
  const { case: kase } = sent.json<Outcome>();

  const seen = await view(kase.id);

  expect(seen).toMatchObject({
    readOnly: true,
    customer: { state: "ready" },
    conversation: { state: "ready", items: [{}] },
    notes: { state: "denied" },
    script: { state: "denied" },
    tabs: { state: "denied" },
  });
  for (const part of ["script", "tabs", "tabs/x/values", "tabs/x/findings"]) {
    const refused = await ask("GET", `/cases/${kase.id}/${part}`, { token: agent.token });
    expect([part, refused.status]).toEqual([part, 403]);
    const hidden = await ask("GET", `/cases/${kase.id}/${part}`, { token: supervisor.token });
    expect([part, hidden.status]).toEqual([part, 404]);
  }
});

test("F203: a form of the campaign is filled in with the case; a stale version and a wrong value are refused", async () => {
  const { id } = (await world.send({ from: { ...from, value: "form@example.com" } })).case;
  const tab = await tabOf(id, "Survey");
  const path = `/cases/${id}/tabs/${tab}/values`;
  const fill = (version: string | undefined, values: object) =>
    ask("PUT", path, {
      token: agent.token,
      body: { values },
      headers: version ? { "if-match": version } : {},
    });
  const before = expected(await ask("GET", path, { token: agent.token }), 200);

  const without = await fill(undefined, { plan: "Gold" });
  const wrong = await fill(String(before.headers.etag), { plan: 5, more: { $gt: "" } });
  const unknown = await fill(String(before.headers.etag), { plan: "Gold", more: "x" });
  const kept = await fill(String(before.headers.etag), { plan: "Gold" });
  const stale = await fill(String(before.headers.etag), { plan: "Silver" });

  expect([without.status, wrong.status, unknown.status, stale.status]).toEqual([
    428, 422, 422, 412,
  ]);
  expect(unknown.json()).toMatchObject({ errors: [{ path: "values.more", code: "unknown" }] });
  expect(kept.headers.etag).toBe('"2"');
  await held("cases.setTabValues", kept);
  await held("cases.getTabValues", ask("GET", path));
  await held("cases.script", ask("GET", `/cases/${id}/script`));
  const [, form] = await tabs(id);
  expect(form).toMatchObject({ values: { plan: "Gold" }, valuesVersion: 2 });
});

test("F203: an integration asks the company's own system, and keeps what it says", async () => {
  const { id, number } = (await world.send({ from: { ...from, value: "i@example.com" } })).case;
  const path = `/cases/${id}/tabs/${await tabOf(id, "Billing")}`;
  system.answer(json({ invoices: [{ total: 12.5 }] }));

  const found = await ask("GET", `${path}/findings`, { token: agent.token });
  const kept = await ask("POST", `${path}/findings`, { token: agent.token, body: {} });

  expect(await held("cases.askTab", found)).toMatchObject({
    items: [{ key: "debt", value: "12.5" }],
  });
  expect(await held("cases.keepFindings", kept)).toMatchObject({
    values: { debt: "12.5" },
    version: 2,
  });
  expect(system.asked).toEqual(Array(2).fill(`/c/?n=${String(number)}`));
  system.answer(json({}, 500));
  const failed = await ask("GET", `${path}/findings`, { token: agent.token });
  expect([failed.status, failed.json()]).toMatchObject([409, { code: "INTEGRATION_FAILED" }]);
  const [, , third] = await tabs(id);
  expect(JSON.stringify(third)).not.toContain(system.host);
});

test("F114-F117, D18: administrators read what was changed of a case and its tabs, by whom, in a range of time", async () => {
  const { id } = (await world.send({ from: { ...from, value: "log@example.com" } })).case;
  const { version } = await view(id);
  const headers = { "if-match": `"${String(version)}"` };
  const patch = { token: agent.token, headers, body: { priority: "high", subject: "Router" } };
  expected(await ask("PATCH", `/cases/${id}`, patch), 200);
  const tab = await tabOf(id, "Survey");
  expected(
    await ask("PUT", `/cases/${id}/tabs/${tab}/values`, {
      token: agent.token,
      headers: { "if-match": '"1"' },
      body: { values: { plan: "Gold" } },
    }),
    200,
  );

  const items = await log(id, 3);

  expect(items).toMatchObject([
    {
      ...{ event: "cases.tabValuesKept", aggregate: "tabValues", caseId: id, actorId: agent.id },
      changes: [{ field: "values.plan", old: null, new: "Gold" }],
    },
    { event: "cases.changed", actorName: "A agent", because: "user", at: expect.any(String) },
    { event: "cases.created", because: "connector" },
  ]);
  expect(items[1]?.changes).toEqual(
    expect.arrayContaining([
      { field: "priority", old: "medium", new: "high" },
      { field: "subject", old: null, new: "Router", personal: true },
    ]),
  );
  const at = (place: number) => String(items[place]?.at);
  const range = `?from=${at(1)}&to=${at(0)}`;
  const within = ask("GET", `/cases/${id}/changes${range}`);
  expect((await held<{ items: object[] }>("audit.ofCase", within)).items).toEqual(
    at(1) === at(0) ? [] : [items[1]],
  );
  for (const { token } of [agent, supervisor]) {
    expect((await ask("GET", `/cases/${id}/changes`, { token })).status).toBe(403);
  }
  expect((await ask("GET", "/cases/none/changes")).status).toBe(404);
});

test("F115, D18: whatever is done to a case, folding its log gives the case, and what it keeps of its tabs", async () => {
  const all = await people(office);
  const read = async (id: string) => expected(await ask("GET", `/cases/${id}`), 200).json<Case>();
  const byHand = async () => {
    const body = {
      ...{ customerId: all[0]?.id, description: "Here", subject: "At the desk" },
      ...{ accountId: all[0]?.accountId, caseTypeId: office.caseTypes[0]?.id, priority: "low" },
      campaignId: office.inbox.campaignId,
    };
    return expected(await ask("POST", "/cases", { body }), 201).json<Case>();
  };
  let turn = 0;

  await fc.assert(
    fc.asyncProperty(deeds, async (sequence) => {
      const isByHand = (turn += 1) % 2 === 0;
      const made = isByHand ? await byHand() : await read((await world.send()).case.id);
      const tab = await tabOf(made.id, "Survey");
      for (const deed of sequence) await doTo(office, await read(made.id), deed, { all, tab });

      const kase = await read(made.id);
      const values = await ask("GET", `/cases/${made.id}/tabs/${tab}/values`);
      const kept = expected(values, 200).json<TabValues>();
      const entries = (await log(made.id, kase.version + kept.version - 1)).reverse();
      const of = (kind: string) => entries.filter(({ aggregate }) => aggregate === kind);

      // what the first message said stands in the conversation
      const { description, subject, threadKey, from: sender } = made;
      const said = isByHand ? {} : { description, subject, threadKey, from: sender };
      expect(folded(of("case"), JSON.parse(JSON.stringify(said)) as object)).toEqual(told(kase));
      expect(of("case").at(-1)?.aggregateVersion).toBe(kase.version);
      expect(folded(of("tabValues"), { values: {} })).toEqual({ values: kept.values });
    }),
    { numRuns: Number(process.env["LOG_RUNS"] ?? 8) },
  );
}, 120_000);

test("F074, P12: with files down the view says so, and shows the rest", async () => {
  const { id } = (await world.send({ from: { ...from, value: "down@example.com" } })).case;
  await world.system.nodes[1]?.kill();

  const seen = await view(id);

  expect(seen.attachments).toEqual({ state: "unavailable" });
  for (const part of [seen.customer, seen.conversation, seen.script, seen.tabs]) {
    expect(part).toMatchObject({ state: "ready" });
  }
});
