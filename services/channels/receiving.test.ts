import { expect, test } from "@jest/globals";
import { newId } from "#shared/ids.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { until } from "#shared/testing/until.ts";
import { aMessage, start } from "./receiving.samples.ts";

test("F059, B01: a message is answered with its case; its repeat with the same, as a duplicate", async () => {
  const { receive, world } = await start();
  const message = aMessage();

  const first = await receive(message);
  const repeat = await receive({ ...message, text: "another body" });

  expect(first).toMatchObject({
    state: "filed",
    duplicate: false,
    case: { id: world.caseId, number: 1001, isNew: true },
    customer: { id: "ada", isNew: true },
  });
  expect(repeat).toEqual({ ...first, duplicate: true });
});

test("B01: the same message many times at once is one interaction, announced once", async () => {
  const { receive, world } = await start();
  const message = aMessage();

  const answers = await Promise.all(Array.from({ length: 40 }, () => receive(message)));

  expect(new Set(answers.map(({ interactionId }) => interactionId)).size).toBe(1);
  expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  expect(world.filed).toHaveLength(1);
  const told = await announced("channels", "interactions.received");
  expect(told.filter(({ data }) => data.id === answers[0]?.interactionId)).toHaveLength(1);
});

test("P1: with the neighbours away a message is on record, and finished when they are back", async () => {
  const { bus, receive, world } = await start();
  world.away = true;

  const answer = await receive(aMessage(), 300);
  world.away = false;

  expect(answer).toMatchObject({ state: "received", duplicate: false });
  const found = await until(() =>
    bus
      .call("channels.getInteraction", { id: answer.interactionId }, as("administrator"))
      .then((one) => (one.state === "filed" ? one : undefined)),
  );
  expect(found).toMatchObject({ caseId: world.caseId, seq: 1 });
});

test("a message that need not wait is answered on record and finished behind it", async () => {
  const { bus, receive } = await start();

  const answer = await receive(aMessage(), 0);

  expect(answer.state).toBe("received");
  await until(() =>
    bus
      .call("channels.getInteraction", { id: answer.interactionId }, as("administrator"))
      .then(({ state }) => state === "filed"),
  );
});

test("F025: a blocked sender's message is recorded and opens nothing", async () => {
  const { receive, world } = await start();

  const answer = await receive(aMessage({ from: { type: "email", value: "blocked@example.com" } }));

  expect(answer).toMatchObject({ state: "blocked", duplicate: false });
  expect(answer.case).toBeUndefined();
  expect(world.filed).toHaveLength(0);
});

test("a channel that is disabled or only sends takes nothing: 409 CHANNEL_NOT_RECEIVING", async () => {
  const { make, receive } = await start();
  const disabled = await make({ enabled: false });
  const outbound = await make({ direction: "outbound" });

  for (const { id } of [disabled, outbound]) {
    await expect(receive(aMessage(), undefined, id)).rejects.toMatchObject({
      code: 409,
      type: "CHANNEL_NOT_RECEIVING",
    });
  }
  await expect(receive(aMessage(), undefined, newId())).rejects.toMatchObject({ code: 404 });
});

test("F026: a sender of a kind that the channel does not have is refused, the field named", async () => {
  const { receive } = await start("email");

  const refused = receive(aMessage({ from: { type: "mobile", value: "+34600111222" } }));

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "from.type" }] },
  });
});

test("F024: a sender's number that cannot be read is refused before anything is recorded", async () => {
  const { receive } = await start("sms");

  const refused = receive(aMessage({ from: { type: "mobile", value: "12" } }));

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "from.value" }] },
  });
});

test("a message says something: without text, html or attachment it is refused", async () => {
  const { receive } = await start();
  const { text: _none, ...silent } = aMessage();

  await expect(receive(silent)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "text" }] },
  });
});

test("one bad message never fails those that came with it", async () => {
  const { receive, make } = await start();
  const disabled = await make({ enabled: false });

  const answers = await Promise.allSettled([
    receive(aMessage()),
    receive(aMessage(), undefined, disabled.id),
    receive(aMessage()),
  ]);

  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("F138-F140: the conversation is in order of seq, and its HTML is shown harmless", async () => {
  const { bus, receive, world } = await start();
  const html = `<p onclick="x()">Hi<script>alert(1)</script><img src="https://t.example/x.png"></p>`;
  for (const text of ["one", "two"]) await receive(aMessage({ text }));
  await receive(aMessage({ html }));

  const page = await bus.call(
    "channels.conversation",
    { caseId: world.caseId },
    as("administrator"),
  );

  const last = page.items.filter((one) => one.html !== undefined).at(-1);
  expect(last?.html).not.toMatch(/script|onclick|https:/);
  const seqs = page.items.map(({ seq }) => Number(seq));
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
});

test("a connector reads the state of its own messages and of no others", async () => {
  const { bus, receive, channel } = await start();
  const { interactionId: id } = await receive(aMessage());

  const own = await bus.call(
    "channels.getInteraction",
    { id },
    as("connector", { channelId: channel.id }),
  );
  const foreign = bus.call(
    "channels.getInteraction",
    { id },
    as("connector", { channelId: newId() }),
  );

  expect(own).toMatchObject({ id, state: "filed" });
  await expect(foreign).rejects.toMatchObject({ code: 404 });
});
