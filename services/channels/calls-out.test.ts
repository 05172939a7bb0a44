/** Calls that users have made (F146, D21). */
import { expect, test } from "@jest/globals";
import { startSending } from "./sending.samples.ts";

test("D21: a call that a user has made is handed to its connector, which tells how it goes", async () => {
  const { bus, send, take, read, report, channel, connector } = await startSending("telephony");
  const { id } = await send();
  const tell = (call: object) =>
    bus.call(
      "channels.reportCall",
      { id: channel.id, externalId: "call-9", ...call } as never,
      connector,
    );
  await expect(tell({ state: "ringing" })).rejects.toMatchObject({ code: 404 });

  const { items } = await take();
  await report({ interactionId: id, state: "sent", externalId: "call-9" });
  await tell({ state: "ringing" });
  await tell({ state: "answered" });
  await tell({ state: "ended", durationSeconds: 41 });

  expect(items).toMatchObject([{ interaction: { id, kind: "call", to: "+34600111222" } }]);
  expect(await read(id)).toMatchObject({
    ...{ kind: "call", direction: "outbound", state: "sent", externalId: "call-9" },
    call: { state: "ended", durationSeconds: 41 },
  });
  await expect(tell({ state: "missed" })).rejects.toMatchObject({ code: 409 });
});
