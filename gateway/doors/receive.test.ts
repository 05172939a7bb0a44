import { expect, test } from "@jest/globals";
import { ownChannel } from "../../tests/gateway.ts";
import { startDoors } from "./receive.samples.ts";

const message = {
  externalId: "m-1",
  from: { type: "email", value: "ada@example.com" },
  text: "hello",
};
const attached = (...contents: string[]) =>
  contents.map((content, index) => ({
    name: `${index}.txt`,
    contentType: "text/plain",
    contentBase64: Buffer.from(content).toString("base64"),
  }));

test("F059: a message goes to its channel and answers its case", async () => {
  const { posts, send } = await startDoors();

  const answer = await send("messages", message);

  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ state: "filed", case: { number: 7 } });
  expect(posts).toEqual([{ id: ownChannel, ...message }]);
});

test("B01: a repeat is answered 200 and a message still on its way 202 with its Location", async () => {
  const { send } = await startDoors();

  const repeat = await send("messages", { ...message, externalId: "again" });
  const pending = await send("messages", message, { headers: { prefer: "respond-async" } });

  expect(repeat.status).toBe(200);
  expect(pending.status).toBe(202);
  expect(pending.headers.get("location")).toBe("/api/v1/interactions/i-m-1");
});

test("Prefer says how long to wait, and Preference-Applied what was applied", async () => {
  const { posts, send } = await startDoors();
  const applied = async (prefer: string) => {
    const answer = await send("messages", message, { headers: { prefer } });
    return answer.headers.get("preference-applied");
  };

  expect(await applied("respond-async")).toBe("respond-async");
  expect(await applied("wait=12")).toBe("wait=12");
  expect(await applied("wait=soon")).toBeNull();
  expect(posts.map(({ waitMs }) => waitMs)).toEqual([0, 12_000, undefined]);
});

test("a message of nothing is refused, naming text", async () => {
  const { send } = await startDoors();
  const { text: _none, ...empty } = message;

  for (const body of [empty, { ...empty, text: "" }, { ...empty, attachments: [] }]) {
    const answer = await send("messages", body);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: [{ path: "text", code: "required" }] });
  }
});

test("attachments become files first; the message carries what they turned out to be", async () => {
  const { posts, stored, send } = await startDoors();
  const { text: _none, ...empty } = message;

  const answer = await send("messages", { ...empty, attachments: attached("one", "two!") });

  expect(answer.status).toBe(201);
  expect(stored.map(({ content }) => content)).toEqual(["one", "two!"]);
  expect(posts[0]?.attachments).toEqual([
    { id: "f1", name: "0.txt", contentType: "text/plain", size: 3 },
    { id: "f2", name: "1.txt", contentType: "text/plain", size: 4 },
  ]);
});

test("B01: a retry stores its attachments under the same keys, others under other keys", async () => {
  const { stored, send } = await startDoors();
  const two = { ...message, attachments: attached("same", "same") };

  await send("messages", two, { headers: { "idempotency-key": "k-1" } });
  await send("messages", two);
  await send("messages", { ...two, externalId: "m-2" });
  await send("messages", { ...two, attachments: attached("other", "same") });

  const keys = stored.map(({ uploadKey }) => uploadKey);
  expect(keys.slice(2, 4).sort()).toEqual(keys.slice(0, 2).sort());
  expect(new Set(keys).size).toBe(5);
  expect(stored.map(({ meta }) => meta.commandId)).toEqual(keys.map(() => undefined));
});

test("an attachment that is not base64, or one too many, is refused and named", async () => {
  const { stored, send } = await startDoors();
  const broken = [...attached("one"), { name: "b", contentBase64: "%%%" }];

  const bad = await send("messages", { ...message, attachments: broken });
  const many = await send("messages", {
    ...message,
    attachments: attached(...Array.from({ length: 21 }, () => "x")),
  });

  expect(bad.status).toBe(422);
  expect(await bad.json()).toMatchObject({ errors: [{ path: "attachments[1].contentBase64" }] });
  expect(many.status).toBe(422);
  expect(await many.json()).toMatchObject({ errors: [{ path: "attachments" }] });
  expect(stored).toEqual([]);
});

test("an attachment that the files service refuses is refused", async () => {
  const { send } = await startDoors();

  const answer = await send("messages", { ...message, attachments: attached("huge") });

  expect(answer.status).toBe(413);
});

test("P1: while files are away, messages with attachments are 503 and others go on", async () => {
  const { send } = await startDoors({ files: false });

  const one = await send("messages", { ...message, attachments: attached("one") });
  const other = await send("messages", message);

  expect(one.status).toBe(503);
  expect(one.headers.get("retry-after")).not.toBeNull();
  expect(other.status).toBe(201);
});

test("another media type is 415, a body over 20 MB 413", async () => {
  const { send } = await startDoors();

  const xml = await send("messages", undefined, {
    raw: "<a/>",
    headers: { "content-type": "application/xml" },
  });
  const large = await send("messages", undefined, { raw: " ".repeat(20_000_001) });

  expect(xml.status).toBe(415);
  expect(large.status).toBe(413);
});

test("B01: a batch answers one outcome for each message, in order", async () => {
  const { posts, send } = await startDoors();
  const messages = [
    message,
    { ...message, externalId: "again" },
    { ...message, externalId: "refused" },
    { ...message, from: { type: "pigeon", value: "x" }, more: 1 },
    { externalId: "m-5", from: message.from },
    { ...message, externalId: "away" },
    { ...message, externalId: "m-7", text: undefined, attachments: attached("one") },
  ];

  const answer = await send("messages/batch", { messages });

  const { items } = (await answer.json()) as { items: { status: number }[] };
  expect(answer.status).toBe(207);
  expect(items.map(({ status }) => status)).toEqual([201, 200, 409, 422, 422, 503, 201]);
  expect(items[0]).toMatchObject({ interactionId: "i-m-1", duplicate: false, case: { number: 7 } });
  expect(items[2]).toMatchObject({ code: "CHANNEL_NOT_RECEIVING", detail: "Not now" });
  expect(items[3]).toMatchObject({ errors: [{ path: "from.type" }, { path: "more" }] });
  expect(items[4]).toMatchObject({ errors: [{ path: "text" }] });
  expect(items[5]).toMatchObject({ code: "UNAVAILABLE" });
  expect(posts.map(({ externalId }) => externalId).sort()).toEqual(["again", "m-1", "m-7"]);
});

test("a batch respects Prefer for all of its messages", async () => {
  const { send } = await startDoors();

  const answer = await send(
    "messages/batch",
    { messages: [message] },
    { headers: { prefer: "respond-async" } },
  );

  expect(answer.headers.get("preference-applied")).toBe("respond-async");
  expect(await answer.json()).toMatchObject({ items: [{ status: 202, state: "received" }] });
});

test.each([
  [{ messages: [] }, "messages"],
  [{ messages: Array.from({ length: 101 }, () => message) }, "messages"],
  [{ messages: ["text"] }, "messages[0]"],
  [{ messages: {} }, "messages"],
  [{}, "messages"],
  [{ messages: [message], more: 1 }, "more"],
])("a batch that is none is refused as a whole: %#", async (body, path) => {
  const { posts, send } = await startDoors();

  const answer = await send("messages/batch", body);

  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ errors: [{ path }] });
  expect(posts).toEqual([]);
});

test("F138, D21: what was sent elsewhere and calls go on as they came", async () => {
  const { posts, send } = await startDoors();
  const { text: _none, ...bare } = message;
  const to = { type: "mobile", value: "+34600111222" };
  const sent = { ...message, direction: "outbound", to };
  const call = { ...bare, kind: "call", call: { state: "ringing" } };

  const answers = [await send("messages", sent), await send("messages", call)];

  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(posts).toEqual([sent, call].map((one) => ({ id: ownChannel, ...one })));
});

test.each([
  [{ to: { type: "mobile", value: "1", name: null } }, "to.name"],
  [{ to: { type: "mobile", value: "1", more: "x" } }, "to"],
  [{ to: 7 }, "to"],
  [{ direction: "sideways" }, "direction"],
  [{ kind: "event" }, "kind"],
  [{ call: { state: "over" } }, "call.state"],
  [{ call: { state: "ended", durationSeconds: -1 } }, "call.durationSeconds"],
  [{ call: { state: "ended", recordingUrl: "javascript:alert(1)" } }, "call.recordingUrl"],
  [{ call: { state: "ended", recordingUrl: "https://a:b@x.example/" } }, "call.recordingUrl"],
])("422 names what is wrong with %j", async (more, path) => {
  const { posts, send } = await startDoors();

  const answer = await send("messages", { ...message, ...more });

  expect(answer.status).toBe(422);
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect(errors.map((one) => one.path)).toContain(path);
  expect(posts).toEqual([]);
});
