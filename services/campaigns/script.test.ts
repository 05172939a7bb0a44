/** Scripts of campaigns: rich text that does nothing, with variables (F201). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { ana, namesOf, refusedAt } from "./a-campaign.ts";
import campaigns from "./campaigns.service.ts";

const administrator = as("administrator");

async function start() {
  const bus = await startBus(campaigns, standIn("identity", { namesOf }));
  const { id } = await bus.call("campaigns.create", { name: newId() }, administrator);
  const set = (html: string, more: object = {}) =>
    bus.call("campaigns.setScript", { id, html, ...more }, administrator);
  const read = (who = administrator) => bus.call("campaigns.getScript", { id }, who);
  return { bus, id, set, read };
}

test("F201: a script is kept, is one version more of its campaign, and is announced", async () => {
  const { bus, id, set, read } = await start();
  const html = "<h1>Hello {{customer.name}}</h1><p>About case {{ case.number }}</p>";
  expect(await read()).toEqual({ html: "", version: 1 });

  const kept = await set(html);

  expect(kept).toEqual({ html, version: 2 });
  expect(await read()).toEqual(kept);
  expect(await set(html)).toEqual(kept);
  expect(await bus.call("campaigns.describe", { id })).toMatchObject({ version: 2 });
  const events = await announced("campaigns", "campaigns.scriptSet");
  expect(events.filter(({ data }) => data.id === id)).toMatchObject([
    {
      aggregate: { kind: "campaign", id, version: 2 },
      actor: { id: administrator.meta.actor?.id },
      changes: [{ field: "script", old: "", new: html }],
    },
  ]);
});

test("F201: the agents of the campaign read its script, others do not", async () => {
  const { bus, id, set, read } = await start();
  await set("<p>Smile</p>");
  const items = [{ userId: ana.id, channelIds: [] }];
  await bus.call("campaigns.setAgents", { id, items }, administrator);

  expect(await read(as("agent", { id: ana.id }))).toMatchObject({ html: "<p>Smile</p>" });
  await expect(read(as("agent"))).rejects.toMatchObject({ code: 404 });
});

test.each([
  ['<p onclick="x()">Hi</p>', "<p>Hi</p>"],
  ["<script>alert(1)</script><b>Hi</b>", "<b>Hi</b>"],
  ['<img src="https://example.com/a.png" />Hi', "Hi"],
  ['<p style="position:fixed">Hi</p>', "<p>Hi</p>"],
  ["<style>p{}</style><form><input></form>Hi", "Hi"],
  ['<iframe src="https://example.com"></iframe>Hi', "Hi"],
  [
    '<a href="https://example.com/a">Hi</a>',
    '<a href="https://example.com/a" rel="noopener noreferrer nofollow" target="_blank">Hi</a>',
  ],
  [
    '<a href="javascript:alert(1)">Hi</a>',
    '<a rel="noopener noreferrer nofollow" target="_blank">Hi</a>',
  ],
])("F201: of a script what could act is taken out: %s", async (html, clean) => {
  const { set } = await start();

  expect((await set(html)).html).toBe(clean);
});

test.each([
  "{{customer.password}}",
  "Hello {{customer.name}",
  "{{<b>customer</b>.name}}",
  "&#123;&#123;secret}}",
  '<a href="https://example.com/{{customer.id}}">Hi</a>',
  '<p dir="{{customer.name}}">Hi</p>',
  "&".repeat(20_000),
  "a\0b",
])("F201: a script that cannot be is refused, nothing of it kept: %s", async (html) => {
  const { set, read } = await start();

  await expect(set(html)).rejects.toMatchObject(refusedAt("html"));

  expect(await read()).toEqual({ html: "", version: 1 });
});

test("F201: a script is refused by a stale version, and without such a campaign", async () => {
  const { bus, set } = await start();

  await expect(set("Hi", { version: 2 })).rejects.toMatchObject({ type: "STALE_VERSION" });
  const missing = bus.call("campaigns.setScript", { id: "none", html: "" }, administrator);
  await expect(missing).rejects.toMatchObject({ code: 404, type: "NOT_FOUND" });
});
