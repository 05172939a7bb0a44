/** Calls go on as their connector tells (D21). */
import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { aCall, ada, aMessage, shop, start } from "./receiving.samples.ts";

const administrator = as("administrator");

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

test("B08, P16: of an erased person's call stays that it was, not with whom, nor its recording", async () => {
  const { bus, receive } = await start("telephony");
  const call = { state: "ended" as const, recordingUrl: "https://calls.example/1.mp3" };
  const { interactionId: id } = await receive(
    aCall({ direction: "outbound", from: shop, to: ada, call }),
  );

  const subject = { customerIds: ["ada"], addresses: [] };
  await bus.call("channels.erasePersonalData", { subject });

  const one = await bus.call("channels.getInteraction", { id }, administrator);
  expect(one).toMatchObject({ kind: "call", direction: "outbound", call: { state: "ended" } });
  expect(JSON.stringify(one)).not.toMatch(/600111222|911222333|calls\.example|Ada/);
});
