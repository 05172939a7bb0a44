/** What connectors tell of besides messages of customers: what the company sent, and calls (F138, D21). */
import { expect, test } from "@jest/globals";
import type { ReceivedMessage } from "#shared/contracts/interactions.ts";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { aMessage, start } from "./receiving.samples.ts";

const shop = { type: "phone" as const, value: "+34911222333" };
const ada = { type: "mobile" as const, value: "+34600111222", name: "Ada" };
const administrator = as("administrator");

const aSent = (more: Partial<ReceivedMessage> = {}) =>
  aMessage({ direction: "outbound", from: shop, to: ada, text: "It is on its way", ...more });

const aCall = (more: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  ...{ externalId: newId(), kind: "call", from: ada, call: { state: "ringing" } },
  ...more,
});

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

test("D21: a call goes on as its connector tells, once each, and is in the change log", async () => {
  const { bus, channel, receive, world } = await start("telephony");
  const { externalId, ...call } = aCall({ direction: "outbound", from: shop, to: ada });
  const { interactionId: id } = await receive({ externalId, ...call });
  const tell = (told: object) =>
    bus.call("channels.reportCall", { id: channel.id, externalId, state: "ended", ...told });
  const ended = { durationSeconds: 65, recordingUrl: "https://calls.example/1.mp3" };

  await tell({ state: "answered" });
  await Promise.all([tell(ended), tell(ended)]);
  const late = await tell({ state: "answered" });

  expect(late).toEqual({ interactionId: id, call: { state: "ended", ...ended } });
  expect(await bus.call("channels.getInteraction", { id }, administrator)).toMatchObject({
    ...{ call: late.call, seq: 1, state: "filed" },
  });
  const told = (await announced("channels", "interactions.callChanged")).filter(
    ({ data }) => data.id === id,
  );
  expect(told.map(({ data }) => [data.state, data.caseId])).toEqual([
    ["answered", world.caseId],
    ["ended", world.caseId],
  ]);
  expect(told[0]?.changes).toEqual([{ field: "call.state", old: "ringing", new: "answered" }]);
});

test("D21: news of a call that is not there, of a message, or of another channel's are 404", async () => {
  const { bus, channel, make, receive } = await start("telephony");
  const other = await make();
  const call = aCall();
  const message = aMessage({ from: ada });
  for (const one of [call, message]) await receive(one);

  for (const [id, externalId] of [
    [channel.id, newId()],
    [channel.id, message.externalId],
    [other.id, call.externalId],
  ] as const) {
    await expect(
      bus.call("channels.reportCall", { id, externalId, state: "ended" }),
    ).rejects.toMatchObject({ code: 404 });
  }
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

test("P1: a call may go on before it has a case", async () => {
  const { bus, channel, receive, world } = await start("telephony");
  world.away = true;
  const call = aCall();

  const { interactionId: id, state } = await receive(call, 200);
  const told = { id: channel.id, externalId: call.externalId, state: "missed" as const };
  const answer = await bus.call("channels.reportCall", told);

  expect([state, answer.call]).toEqual(["received", { state: "missed" }]);
  const [event] = (await announced("channels", "interactions.callChanged")).filter(
    ({ data }) => data.id === id,
  );
  expect(event?.data).not.toHaveProperty("caseId");
});

test("F137: a transcript is the session up to an interaction, with who said what", async () => {
  const { bus, receive } = await start("webchat");
  const from = { type: "other" as const, value: "visitor-7", name: "Ada" };
  const say = (more: object) => receive(aMessage({ from, threadKey: "a", ...more }));
  await say({ text: "No signal" });
  await say({ threadKey: "b", text: "Something else" });
  await say({
    direction: "outbound",
    from: { ...from, name: "Shop" },
    to: from,
    text: "Since when?",
  });
  const { text: _none, ...rest } = aMessage({
    from,
    threadKey: "a",
    html: "<p>Since <b>Monday</b></p>",
  });
  const { interactionId } = await receive(rest);
  await say({ text: "Still there?" });

  const asked = { interactionId, language: "en" as const };
  const { text, isComplete } = await bus.call("channels.transcribe", asked);

  expect(isComplete).toBe(true);
  expect(text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, "WHEN")).toBe(
    [
      ...["WHEN · Ada (visitor-7)", "No signal", ""],
      ...["WHEN · Shop (visitor-7)", "Since when?", ""],
      ...["WHEN · Ada (visitor-7)", "Since  Monday", ""],
    ].join("\n"),
  );
  await expect(
    bus.call("channels.transcribe", { ...asked, interactionId: newId() }),
  ).rejects.toMatchObject({ code: 404 });
});
