import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import type { ReceivedMessage } from "#shared/contracts/interactions.ts";
import { standIn } from "#shared/testing/bus.ts";
import { at, ownChannel, startGateway } from "../../tests/gateway.ts";

const mail = (headers: string[], body = "Hello\r\n") =>
  ["From: Ada Byron <ada@example.com>", ...headers, "", body].join("\r\n");

test("F059: a raw e-mail becomes the message that it is", async () => {
  const { posts, send } = await startDoor();

  const answer = await send(
    mail([
      "To: Care <care@example.com>, other@example.com",
      "Cc: boss@example.com",
      "Subject: =?UTF-8?Q?Pedido_n=C2=BA_7?=",
      "Message-ID: <m-1@example.com>",
      "In-Reply-To: <sent-1@example.com>",
      "References: <root@example.com> <sent-1@example.com>",
      "Date: Sat, 31 Jan 2026 11:00:00 +0100",
      "Content-Language: es",
      "Auto-Submitted: auto-replied",
      "Content-Type: text/plain; charset=utf-8",
    ]),
  );

  expect(answer.status).toBe(201);
  expect(posts).toEqual([
    {
      id: ownChannel,
      externalId: "<m-1@example.com>",
      from: { type: "email", value: "ada@example.com", name: "Ada Byron" },
      to: "care@example.com",
      inReplyTo: "<sent-1@example.com>",
      subject: "Pedido nº 7",
      text: "Hello\n",
      sentAt: new Date("2026-01-31T10:00:00Z"),
      language: "es",
      metadata: {
        cc: "boss@example.com",
        references: "<root@example.com> <sent-1@example.com>",
        autoSubmitted: "auto-replied",
      },
      attachments: [],
    },
  ]);
});

test("B01: a mail without Message-ID is known by the hash of its bytes", async () => {
  const { posts, send } = await startDoor();
  const raw = mail(["Subject: none"]);

  await send(raw);
  await send(raw);

  const sha256 = createHash("sha256").update(raw).digest("hex");
  expect(posts.map(({ externalId }) => externalId)).toEqual([
    `sha256:${sha256}`,
    `sha256:${sha256}`,
  ]);
});

test("D01: a mail without In-Reply-To answers the last one that it refers to", async () => {
  const { posts, send } = await startDoor();

  await send(mail(["References: <a@x.com>\r\n <b@x.com>", "Message-ID: <c@x.com>"]));

  expect(posts[0]?.inReplyTo).toBe("<b@x.com>");
});

test("HTML is kept as it came and each attachment becomes a file", async () => {
  const { posts, stored, send } = await startDoor();
  const html = '<p onclick="x()">Hi <img src="cid:pic"></p>';
  const part = (...lines: string[]) => ["--b", ...lines].join("\r\n");
  const body = [
    part("Content-Type: text/html; charset=utf-8", "", html),
    part("Content-Type: image/png; name=pic.png", "Content-ID: <pic>", "", "PNG"),
    part(
      "Content-Type: application/pdf",
      "Content-Disposition: attachment; filename*=UTF-8''a%C3%B1o.pdf",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from("%PDF-").toString("base64"),
    ),
    "--b--",
  ].join("\r\n");

  await send(mail(["Message-ID: <h@x.com>", "Content-Type: multipart/mixed; boundary=b"], body));

  expect(posts[0]?.html?.trim()).toBe(html);
  expect(posts[0]).not.toHaveProperty("text");
  expect(stored).toEqual(["PNG", "%PDF-"]);
  expect(posts[0]?.attachments?.map(({ name }) => name)).toEqual(["pic.png", "año.pdf"]);
});

test("a mail of a subject alone is no empty message; one of nothing is refused", async () => {
  const { posts, send } = await startDoor();

  const subject = await send(mail(["Subject: Call me"], ""));
  const nothing = await send(mail([], ""));

  expect(subject.status).toBe(201);
  expect(posts[0]?.text).toBe("Call me");
  expect(nothing.status).toBe(422);
  expect(await nothing.json()).toMatchObject({ errors: [{ path: "text" }] });
});

test("what is too long or broken in a mail is cut or left out, not refused", async () => {
  const { posts, send } = await startDoor();

  const answer = await send(
    mail(
      [
        `Subject: ${"s".repeat(700)}`,
        `Message-ID: <${"m".repeat(300)}@x.com>`,
        "Date: yesterday, I think",
        `In-Reply-To: <${"r".repeat(400)}@x.com>`,
      ],
      "t\u0000".repeat(100_001),
    ),
  );

  expect(answer.status).toBe(201);
  expect(posts[0]?.subject).toBe("s".repeat(500));
  expect(posts[0]?.text).toBe("t".repeat(100_000));
  expect(posts[0]?.externalId).toMatch(/^sha256:[\da-f]{64}$/);
  expect(posts[0]).not.toHaveProperty("sentAt");
  expect(posts[0]).not.toHaveProperty("inReplyTo");
});

test.each([
  ["no From at all", "Subject: x\r\n\r\nHello"],
  ["a From without an address", "From: Somebody\r\n\r\nHello"],
  ["a From with a broken address", "From: <a b@@c>\r\n\r\nHello"],
  ["bytes that are no mail", "\u0000\u0001\u0002"],
])("a mail with %s is refused, naming from", async (_what, raw) => {
  const { posts, send } = await startDoor();

  const answer = await send(raw);

  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ errors: [{ path: "from" }] });
  expect(posts).toEqual([]);
});

test("a mail with more attachments than a message may have is refused", async () => {
  const { stored, send } = await startDoor();
  const part = "--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n";

  const answer = await send(
    mail(["Content-Type: multipart/mixed; boundary=b"], `${part.repeat(51)}--b--`),
  );

  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ errors: [{ path: "attachments" }] });
  expect(stored).toEqual([]);
});

test("a mail of more parts than any honest one is refused with 422", async () => {
  const { send } = await startDoor();
  const part = "--b\r\n\r\nx\r\n";

  const answer = await send(
    mail(["Content-Type: multipart/mixed; boundary=b"], `${part.repeat(2_000)}--b--`),
  );

  expect(answer.status).toBe(422);
});

test("only e-mail channels take raw e-mails, and only as message/rfc822 up to 20 MB", async () => {
  const { send } = await startDoor("webchat");
  const { send: sendMail } = await startDoor();

  const elsewhere = await send(mail([]));
  const json = await sendMail("{}", { "content-type": "application/json" });
  const large = await sendMail("x".repeat(20_000_001));

  expect(elsewhere.status).toBe(409);
  expect(await elsewhere.json()).toMatchObject({ code: "CHANNEL_TAKES_NO_EMAIL" });
  expect(json.status).toBe(415);
  expect(large.status).toBe(413);
});

test("Prefer counts for raw e-mails, too", async () => {
  const { send } = await startDoor();

  const answer = await send(mail(["Message-ID: <p@x.com>"]), { prefer: "respond-async" });

  expect(answer.status).toBe(202);
  expect(answer.headers.get("location")).toBe("/api/v1/interactions/i1");
});

/** A gateway before one channel of a type. */
async function startDoor(type: "email" | "webchat" = "email") {
  const posts: (ReceivedMessage & { id: string })[] = [];
  const stored: string[] = [];
  const channel = {
    name: "Care",
    type,
    direction: "both" as const,
    campaignId: "c",
    enabled: true,
  };
  const channels = standIn("channels", {
    describe: ({ params: { ids } }) =>
      ids.map((id) => ({ ...channel, id, version: 1, createdAt: at, updatedAt: at })),
    receive({ params }) {
      const { waitMs, ...message } = params;
      const interactionId = `i${posts.push(message)}`;
      const state = waitMs === 0 ? ("received" as const) : ("filed" as const);
      return { interactionId, duplicate: false, state };
    },
  });
  const files = standIn("files", {
    async store(ctx) {
      const content = String(await buffer(ctx.stream as Readable));
      stored.push(content);
      const { name, declaredType = "" } = ctx.params;
      const known = { id: `f${stored.length}`, size: content.length, sha256: "0", createdAt: at };
      return { ...known, name, contentType: declaredType };
    },
  });
  const { ask } = await startGateway({}, channels, files);
  const send = (raw: string, headers: Record<string, string> = {}) =>
    ask(`POST /channels/${ownChannel}/raw`, {
      token: "connector",
      raw,
      headers: { "content-type": "message/rfc822", ...headers },
    });

  return { posts, stored, send };
}
