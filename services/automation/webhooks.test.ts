import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { createHmac } from "node:crypto";
import { text } from "node:stream/consumers";
import type { Broker } from "#shared/bus.ts";
import type { Delivery } from "#shared/contracts/automation/webhooks.ts";
import { database } from "#shared/mongo/connection.ts";
import { nativeOf } from "#shared/mongo/store.ts";
import { startAnotherSystem } from "#shared/testing/another-system.ts";
import { announced } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { admin, aRule, created, loggedOf, start } from "./automation.samples.ts";
import { settled } from "./webhooks.rules.ts";

const receiver = await startAnotherSystem();
process.env["HOSTS_INSIDE"] = receiver.host;
afterAll(() => receiver.stop());

interface Call {
  headers: Record<string, string>;
  body: string;
}
const calls: Call[] = [];
let status = 204;

let bus: Broker;
let aKept: Awaited<ReturnType<typeof start>>["aKept"];
beforeEach(async () => {
  ({ bus, aKept } = await start());
  calls.length = 0;
  status = 204;
  receiver.answer((request, response) => {
    void text(request).then((body) => {
      calls.push({ headers: request.headers as Call["headers"], body });
      response.writeHead(status).end();
    });
  });
});

const aWebhook = (url = `${receiver.url}/hook`) =>
  bus.call("automation.createWebhook", { name: "CRM", url }, admin);
const deliveriesOf = async (id: string, asked: object = {}): Promise<Delivery[]> =>
  (await bus.call("automation.listDeliveries", { id, ...asked }, admin)).items;

/** A case for which a rule calls the webhook. */
async function call(webhookId: string) {
  await aRule(bus, { name: "Tell", actions: [{ kind: "callWebhook", webhookId }] });
  const kase = aKept({ number: 1042, assigneeId: "bo" });
  await created(kase);
  const [entry] = await loggedOf(bus, kase);
  return { kase, entry: entry! };
}

test("G12, P16: a rule calls a webhook, signed as Standard Webhooks, with ids and states only", async () => {
  const { id, secret } = await aWebhook();

  const { kase, entry } = await call(id);
  const [delivery] = await until(async () => {
    const items = await deliveriesOf(id, { state: "delivered" });
    return items.length > 0 && items;
  });

  const [{ headers, body } = { headers: {} as Call["headers"], body: "" }] = calls;
  expect(JSON.parse(body)).toEqual({
    type: "rule.matched",
    timestamp: entry.at.toISOString(),
    data: {
      executionId: entry.id,
      rule: { id: entry.ruleId, name: "Tell" },
      event: "cases.created",
      case: {
        ...{ id: kase.id, number: 1042, campaignId: "support", status: "new" },
        ...{ priority: "medium", assigneeId: "bo" },
      },
    },
  });
  const signedText = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const expected = createHmac("sha256", key).update(signedText).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
  expect(delivery).toMatchObject({ id: headers["webhook-id"], status: 204, attempts: 1 });
  expect(calls).toHaveLength(1);
});

test("G12: a call that is not taken is made again, under the same id; by hand, too", async () => {
  status = 503;
  const { id } = await aWebhook();
  await call(id);
  const [first] = await until(async () => {
    const items = await deliveriesOf(id);
    return items.some((one) => one.status === 503) && items;
  });
  status = 200;
  await nativeOf(database("automation"), "deliveries").updateMany(
    { state: "queued" },
    { $set: { nextAt: new Date() } },
  );
  await until(async () => (await deliveriesOf(id, { state: "delivered" })).length > 0);

  const again = await bus.call("automation.redeliver", { id: first!.id }, admin);
  await until(() => calls.length === 3);

  expect(again).toMatchObject({ state: "queued", attempts: 0 });
  expect(new Set(calls.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([first!.id]));
  expect((await announced("automation", "automation.redelivered")).at(-1)).toMatchObject({
    data: { id: first!.id, webhookId: id },
  });
});

test("G12: a redirect is not followed, and a webhook that is disabled is not called", async () => {
  const [led, off] = [await aWebhook(), await aWebhook()];
  receiver.answer((_request, response) => {
    response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end();
  });
  await bus.call("automation.changeWebhook", { id: off.id, version: 1, enabled: false }, admin);

  await call(led.id);
  await call(off.id);

  await until(async () => (await deliveriesOf(led.id)).some((one) => one.status === 307));
  await until(async () => (await deliveriesOf(off.id, { state: "failed" })).length === 1);
  expect(new Set(receiver.asked)).toEqual(new Set(["/hook"])); // of each case, and tried again
  expect((await deliveriesOf(off.id))[0]).toMatchObject({ fault: "disabled" });
});

test.each([
  "https://127.0.0.1/hook",
  "https://2130706433/hook",
  "https://0x7f.1/hook",
  "https://[::ffff:10.0.0.1]/hook",
  "https://localhost/hook",
  "https://user:secret@example.com/hook",
])("G12: a webhook to %s is refused", async (url) => {
  await expect(aWebhook(url)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "url", code: "private" }] },
  });
  await expect(aWebhook("http://example.com")).rejects.toMatchObject({ code: 422 });
});

test("G12, P9, D18: webhooks are configured, their secrets shown once, and kept while rules call them", async () => {
  const made = await aWebhook();
  const { id } = made;
  const change = (version: number) =>
    bus.call("automation.changeWebhook", { id, version, name: "ERP" }, admin);
  const remove = () => bus.call("automation.deleteWebhook", { id }, admin);
  const rule = await aRule(bus, { actions: [{ kind: "callWebhook", webhookId: id }] });

  expect(await change(1)).toMatchObject({ name: "ERP", version: 2 });
  await expect(change(1)).rejects.toMatchObject({ code: 412 });
  await expect(remove()).rejects.toMatchObject({ code: 409, type: "WEBHOOK_IN_USE" });
  await bus.call("automation.deleteRule", { id: rule.id }, admin);
  const { items } = await bus.call("automation.listWebhooks", {}, admin);
  await remove();

  expect(items.find((one) => one.id === id)).not.toHaveProperty("secret");
  await expect(remove()).rejects.toMatchObject({ code: 404 });
  await expect(deliveriesOf(id)).rejects.toMatchObject({ code: 404 });
  const told = await announced("automation", "automation.webhookCreated");
  expect(JSON.stringify(told)).not.toContain(made.secret);
});

test("G12: calls become rarer and end after two days; what is gone is not called again", () => {
  const now = new Date(0);

  expect(settled({ status: 500 }, 1, now)).toEqual({
    ...{ state: "queued", status: 500, nextAt: new Date(5_000) },
  });
  expect(settled({ fault: "slow" }, 15, now)).toMatchObject({ nextAt: new Date(6 * 3_600_000) });
  expect(settled({ fault: "slow" }, 20, now)).toEqual({ state: "failed", fault: "slow" });
  expect(settled({ status: 410 }, 1, now)).toEqual({ state: "failed", status: 410 });
});

test("G12: a call that is yet to be made is not made again by hand", async () => {
  status = 503;
  const { id } = await aWebhook();
  await call(id);
  const [queued] = await until(async () => {
    const items = await deliveriesOf(id);
    return items.length > 0 && items;
  });

  const refused = bus.call("automation.redeliver", { id: queued!.id }, admin);

  await expect(refused).rejects.toMatchObject({ code: 409, type: "DELIVERY_QUEUED" });
  const unknown = bus.call("automation.redeliver", { id: "x" }, admin);
  await expect(unknown).rejects.toMatchObject({ code: 404 });
});
