/** What business rules do to cases: by the same actions as people, in their own name (G12, D18). */
import { expect, test } from "@jest/globals";
import type { Meta } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import { announced } from "#shared/testing/bus.ts";
import { administrator, command, kept, start, told } from "./closing.samples.ts";

const aRule = (): { meta: Meta } => ({
  meta: {
    actor: { kind: "rule", id: newId(), name: "A rule", permissions: [] },
    requestId: newId(),
  },
});

test("G12, G01, D18: a rule changes a case in its own name, and does not open it", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();
  const rule = aRule();

  const changed = await bus.call("cases.change", { id, version: 1, priority: "high" }, rule);

  const by = rule.meta.actor!.id;
  expect(changed).toMatchObject({ status: "new", priority: "high", version: 2, updatedBy: by });
  const all = await announced("cases", "cases.changed");
  expect(all.find(({ aggregate }) => aggregate.id === id)).toMatchObject({
    actor: { kind: "rule", id: by, name: "A rule" },
    cause: rule.meta.requestId,
    changes: [{ field: "priority", old: "medium", new: "high" }],
  });
});

test("G12: what a rule does again is done once, even where the case is closed meanwhile", async () => {
  const { bus, aKept } = await start();
  const { id } = await aKept();
  const rule = command(aRule());
  const raise = (version: number) =>
    bus.call("cases.change", { id, version, priority: "high" }, rule);

  const first = await raise(1);
  await bus.call("cases.close", { id }, administrator);

  expect(await raise(1)).toEqual(first);
  expect(await raise(9)).toEqual(first);
  const late = bus.call("cases.change", { id, version: 3, priority: "low" }, command(aRule()));
  await expect(late).rejects.toMatchObject({ code: 409, type: "CASE_CLOSED" });
});

test("G12: a rule hands cases on, as far as their campaign allows that", async () => {
  const { bus, aKept, campaigns } = await start();
  const [one, other] = [await aKept(), await aKept()];
  const rule = aRule();

  const given = await bus.call("cases.transfer", { id: one.id, assigneeId: "bo" }, rule);
  campaigns[0]!.options.allowCampaignTransfer = false;
  const moved = bus.call("cases.transfer", { id: other.id, campaignId: "sales" }, rule);

  expect(given).toMatchObject({ assigneeId: "bo", status: "transferred" });
  expect(await told("cases.transferred", one.id)).toMatchObject([{ actor: { kind: "rule" } }]);
  await expect(moved).rejects.toMatchObject({ code: 409, type: "TRANSFER_NOT_ALLOWED" });
});

test("G10: the open cases of a campaign are walked through, those that change meanwhile again", async () => {
  const { bus, aKept } = await start();
  const campaignId = newId();
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
  const [first, second, third] = [
    await aKept({ campaignId, updatedAt: at(1), assigneeId: "ada" }),
    await aKept({ campaignId, updatedAt: at(2) }),
    await aKept({ campaignId, updatedAt: at(3) }),
  ];
  await aKept({ campaignId, status: "closed" });
  const page = (cursor?: string) =>
    bus.call("cases.openOf", { campaignId, limit: 2, ...(cursor ? { cursor } : {}) });

  const begin = await page();
  await bus.call("cases.change", { id: first.id, version: 1, priority: "high" }, administrator);
  const rest = await page(String(begin.nextCursor));

  expect(begin.items.map(({ id }) => id)).toEqual([first.id, second.id]);
  expect(begin.items[0]).not.toHaveProperty("description");
  expect(rest.items.map(({ id }) => id)).toEqual([third.id, first.id]);
  expect(rest.nextCursor).toBeNull();
  expect(await kept(first.id)).toMatchObject({ priority: "high" });
});
