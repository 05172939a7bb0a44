/** What connectors tell of besides messages of customers: what the company sent, and calls (F138, D21). */
import { expect, test } from "@jest/globals";
import type { ReceivedMessage } from "#shared/contracts/interactions.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { aCall, ada, aMessage, shop, start } from "./receiving.samples.ts";

const administrator = as("administrator");

const aSent = (more: Partial<ReceivedMessage> = {}) =>
  aMessage({ direction: "outbound", from: shop, to: ada, text: "It is on its way", ...more });

const at = (path: string) => ({
  code: 422,
  data: { errors: [expect.objectContaining({ path })] },
});

test("F138, F059: what the company sent elsewhere is in the customer's case, as sent", async () => {
  const { bus, receive, world } = await start("sms");

  const answer = await receive(aSent());

  expect(answer).toMatchObject({ state: "filed", case: { id: world.caseId, isNew: true } });
  const one = await bus.call(
    "channels.getInteraction",
    { id: answer.interactionId },
    administrator,
  );
  expect(one).toMatchObject({
    ...{ direction: "outbound", kind: "message", state: "filed", seq: 1 },
    ...{ from: shop, to: ada.value, contactPoint: ada },
  });
  expect(world.filings[0]).toMatchObject({ direction: "outbound", preview: "It is on its way" });
  expect(world.filings[0]).not.toHaveProperty("from");
  expect(world.senders[0]).toMatchObject(ada);
  const ofIt = <E extends { data: { id: string } }>(told: E[]) =>
    told.filter(({ data }) => data.id === answer.interactionId);
  expect(ofIt(await announced("channels", "interactions.reported"))).toHaveLength(1);
  expect(ofIt(await announced("channels", "interactions.received"))).toHaveLength(0);
});

test("B01: what was sent is told of once, however often", async () => {
  const { receive, world } = await start("sms");
  const sent = aSent();

  const answers = await Promise.all(Array.from({ length: 10 }, () => receive(sent)));

  expect(new Set(answers.map(({ interactionId }) => interactionId)).size).toBe(1);
  expect(world.filed).toHaveLength(1);
});

test.each<[string, ReceivedMessage, string]>([
  ["without the customer's address", aSent({ to: "+34600111222" }), "to"],
  [
    "to a kind of address that the channel has not",
    aSent({ to: { ...ada, type: "email" } }),
    "to.type",
  ],
  ["to an address that cannot be read", aSent({ to: { ...ada, value: "12" } }), "to.value"],
  ["inbound to an address with a type", aMessage({ from: ada, to: shop }), "to"],
  ["a call on another channel than telephony", aCall(), "kind"],
  ["a message with how a call stands", aSent({ call: { state: "ended" } }), "call"],
])("D22, F026: %s is refused, the field named", async (_what, message, path) => {
  const { receive, world } = await start("sms");

  await expect(receive(message)).rejects.toMatchObject(at(path));

  expect(world.filed).toEqual([]);
});

test("D22: what goes a way that its channel does not is 409", async () => {
  const { make, receive } = await start("sms");
  const [listening, disabled, sending] = [
    await make({ direction: "inbound" }),
    await make({ enabled: false }),
    await make({ direction: "outbound" }),
  ];

  for (const { id } of [listening, disabled]) {
    await expect(receive(aSent(), undefined, id)).rejects.toMatchObject({
      ...{ code: 409, type: "CHANNEL_NOT_SENDING" },
    });
  }
  expect(await receive(aSent(), undefined, sending.id)).toMatchObject({ state: "filed" });
});

test("F070, D21: a call is in the customer's case, and shows the number that called", async () => {
  const { bus, receive, world } = await start("telephony");

  const { interactionId: id } = await receive(aCall());

  const one = await bus.call("channels.getInteraction", { id }, administrator);
  expect(one).toMatchObject({ kind: "call", direction: "inbound", call: { state: "ringing" } });
  expect(world.filings[0]).toMatchObject({ kind: "call", from: ada.value, preview: ada.value });
});

test.each([
  ["without how it stands", { call: undefined }, "call"],
  [
    "ringing for so long",
    { call: { state: "ringing", durationSeconds: 3 } },
    "call.durationSeconds",
  ],
  [
    "recorded at no https address",
    { call: { state: "ended", recordingUrl: "http://x.example" } },
    "call.recordingUrl",
  ],
])("D21: a call %s is refused, the field named", async (_what, { call }, path) => {
  const { receive } = await start("telephony");
  const { call: _usual, ...bare } = aCall();

  await expect(receive({ ...bare, ...(call ? { call } : {}) } as never)).rejects.toMatchObject(
    at(path),
  );
});
