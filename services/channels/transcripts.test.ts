/** Sessions as texts for people (F137). */
import { expect, test } from "@jest/globals";
import { longestTranscript } from "#shared/contracts/channels/transcripts.ts";
import { newId } from "#shared/ids.ts";
import { aCall, ada, aMessage, shop, start } from "./receiving.samples.ts";
import { transcriptOf, type Told } from "./transcript.rules.ts";

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

test("F137: a long session is told from its end, and says so", async () => {
  const { bus, receive } = await start("webchat");
  const long = "x".repeat(90_000);
  for (const nr of [1, 2, 3, 4, 5]) await receive(aMessage({ text: `${String(nr)} ${long}` }));
  const { interactionId } = await receive(aMessage({ text: "6" }));

  const asked = { interactionId, language: "es" as const };
  const { text, isComplete } = await bus.call("channels.transcribe", asked);

  expect(isComplete).toBe(false);
  expect(text.length).toBeLessThanOrEqual(longestTranscript);
  expect(text.split("\n")[0]).toBe("Se omite lo anterior.");
  expect(text.match(/^\d(?= x|$)/gm)).toEqual(["2", "3", "4", "5", "6"]);
});

test("F137, D21: it names users who wrote, attachments, and how calls went", () => {
  const at = new Date("2026-03-01T10:00:00Z");
  const one = { id: newId(), at, direction: "outbound" as const, from: shop, attachments: [] };
  const file = { id: newId(), name: "bill.pdf", contentType: "application/pdf", size: 1 };
  const told: Told[] = [
    { ...one, author: "bea", text: "Your bill", attachments: [file] },
    { ...one, direction: "inbound", from: ada, call: { state: "ended", durationSeconds: 65 } },
    { ...one, direction: "inbound", from: ada, call: { state: "missed" } },
  ];
  const names = new Map([["bea", "Bea"]]);
  const when = "2026-03-01 10:00:00 UTC ·";

  expect(transcriptOf(told, { language: "en", names, isComplete: true })).toBe(
    [
      ...[`${when} Bea (${shop.value})`, "Your bill", "[Attachment: bill.pdf]", ""],
      ...[`${when} Ada (${ada.value})`, "Call: ended, 1:05", ""],
      ...[`${when} Ada (${ada.value})`, "Call: missed", ""],
    ].join("\n"),
  );
});

test("F137: a message that is in no case is a session of its own", async () => {
  const { bus, receive } = await start("webchat");
  const from = { type: "email" as const, value: "blocked@example.com" };
  const { interactionId } = await receive(aMessage({ from, text: "Buy this" }));

  const { text } = await bus.call("channels.transcribe", { interactionId, language: "en" });

  expect(text).toMatch(/· blocked@example.com\nBuy this\n$/);
});

test("D21: a call in a session is told with its number", async () => {
  const { bus, receive } = await start("telephony");
  const { interactionId } = await receive(aCall());

  const { text } = await bus.call("channels.transcribe", { interactionId, language: "es" });

  expect(text).toMatch(/· Ada \(\+34600111222\)\nLlamada: sonando\n$/);
});
