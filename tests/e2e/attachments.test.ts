import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import {
  aMessage,
  expected,
  makeInbox,
  patient,
  post,
  signIn,
  startSystem,
  together,
  type Inbox,
  type System,
} from "../system/system.ts";

interface Outcome {
  interactionId: string;
  case: { id: string; isNew: boolean };
}
interface Interaction {
  externalId: string;
  text?: string;
  attachments: { id: string; name: string; contentType: string; size: number }[];
}

const pdf = Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(700_000, 7)]);
const attachment = {
  name: "año.pdf",
  contentType: "text/html",
  contentBase64: pdf.toString("base64"),
};

let system: System;
let inbox: Inbox;

beforeAll(async () => {
  const servers = {
    mongodbUrl: String(process.env["MONGODB_URL"]),
    natsUrl: String(process.env["NATS_URL"]),
  };
  system = await startSystem(servers, together, patient);
  inbox = await makeInbox(system, "email");
}, 90_000);
afterAll(() => system.stop());

test("F059: a customer's attachment comes back to whoever may see the case, byte for byte", async () => {
  const sent = await post(system.http, inbox, aMessage({ attachments: [attachment] }));
  const { interactionId } = expected(sent, 201).json<Outcome>();

  const [file] = (await interaction(interactionId)).attachments;
  const answer = await download(file!.id, system.token);

  expect(file).toMatchObject({ name: "año.pdf", contentType: "application/pdf", size: pdf.length });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; /);
  expect(Buffer.from(await answer.arrayBuffer()).equals(pdf)).toBe(true);
});

test("F186-F188, D04: a user attaches a file, which is listed, downloaded in part and deleted", async () => {
  const { interactionId, case: kase } = expected(
    await post(system.http, inbox, aMessage({ attachments: [attachment] })),
    201,
  ).json<Outcome>();
  const path = `/cases/${kase.id}/attachments`;
  const upload = (token: string, query = "?name=offer.pdf", body: BodyInit = pdf) =>
    fetch(`http://127.0.0.1:${String(system.port)}/api/v1${path}${query}`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
    });

  const made = await upload(system.token);
  const file = (await made.json()) as { id: string; url: string; contentType: string };
  const list = async () => {
    const answer = await system.http("GET", `/api/v1${path}`, { token: system.token });
    return answer.json<{ items: object[] }>().items;
  };
  const listed = await list();
  const part = await fetch(`http://127.0.0.1:${String(system.port)}${file.url}`, {
    headers: { authorization: `Bearer ${system.token}`, range: "bytes=0-7" },
  });

  expect(made.status).toBe(201);
  expect(made.headers.get("location")).toBe(file.url);
  expect(listed).toMatchObject([
    { id: file.id, name: "offer.pdf", contentType: "application/pdf", origin: "upload" },
    { origin: "interaction", interactionId },
  ]);
  expect([part.status, await part.text()]).toEqual([206, "%PDF-1.7"]);
  expect((await upload(await anAgent())).status).toBe(404);
  expect((await upload(inbox.key)).status).toBe(403);
  expect((await upload(system.token, "")).status).toBe(422);
  const deleted = await system.http("DELETE", file.url, { token: system.token });
  expect(deleted.status).toBe(204);
  expect(await list()).toHaveLength(1);
});

test("B09: to an agent who may not see the case its file does not exist", async () => {
  const sent = await post(system.http, inbox, aMessage({ attachments: [attachment] }));
  const { interactionId } = expected(sent, 201).json<Outcome>();
  const [file] = (await interaction(interactionId)).attachments;

  const answer = await download(file!.id, await anAgent());

  expect(answer.status).toBe(404);
});

test("B01: a message with attachments that is sent five times at once has each file once", async () => {
  const message = aMessage({ attachments: [attachment, { ...attachment, name: "b.pdf" }] });

  const sent = await Promise.all(
    Array.from({ length: 5 }, () => post(system.http, inbox, message)),
  );

  const outcomes = sent.map((one) => expected(one, 200, 201).json<Outcome>());
  const ids = new Set(outcomes.map(({ interactionId }) => interactionId));
  expect(ids.size).toBe(1);
  const kept = await interaction(outcomes[0]!.interactionId);
  expect(kept.attachments.map(({ name }) => name)).toEqual(["año.pdf", "b.pdf"]);
  for (const { id } of kept.attachments) {
    expect((await download(id, system.token)).status).toBe(200);
  }
});

test("F059, D01: a raw e-mail opens a case, and its answer joins it", async () => {
  const domain = randomUUID();
  const mail = (id: string, ...more: string[]) =>
    [`From: Ada <ada@${domain}.example.com>`, `Message-ID: <${id}@${domain}>`, ...more].join(
      "\r\n",
    );
  const first = await sendRaw(mail("one", "Subject: Help", "", "First", ""));
  const second = await sendRaw(mail("two", `In-Reply-To: <one@${domain}>`, "", "Second", ""));
  const again = await sendRaw(mail("two", `In-Reply-To: <one@${domain}>`, "", "Second", ""));

  expect([first.status, second.status, again.status]).toEqual([201, 201, 200]);
  const [one, two] = [first, second].map((answer) => answer.json<Outcome>());
  expect(two!.case).toMatchObject({ id: one!.case.id, isNew: false });
  expect(await interaction(two!.interactionId)).toMatchObject({
    externalId: `<two@${domain}>`,
    text: "Second\n",
  });
});

test("B01: a batch of one customer is one case, each message with its outcome", async () => {
  const messages = Array.from({ length: 20 }, () =>
    aMessage({
      from: { type: "email", value: `batch@${inbox.channelId}.example.com` },
      threadKey: "t",
    }),
  );

  const answer = await system.http("POST", `/api/v1/channels/${inbox.channelId}/messages/batch`, {
    body: { messages: [...messages, messages[0]!, { externalId: "none" }] },
    token: inbox.key,
  });

  const { items } = expected(answer, 207).json<{ items: (Outcome & { status: number })[] }>();
  const filed = items.slice(0, 21);
  expect(new Set(filed.map((item) => item.case.id)).size).toBe(1);
  expect(new Set(filed.map((item) => item.interactionId)).size).toBe(20);
  expect(filed.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(items[21]).toMatchObject({ status: 422, code: "VALIDATION_ERROR" });
});

const interaction = async (id: string): Promise<Interaction> =>
  expected(
    await system.http("GET", `/api/v1/interactions/${id}`, { token: system.token }),
    200,
  ).json<Interaction>();

const download = (id: string, token: string) =>
  fetch(`http://127.0.0.1:${String(system.port)}/api/v1/files/${id}`, {
    headers: { authorization: `Bearer ${token}` },
  });

const sendRaw = (body: string) =>
  system.http("POST", `/api/v1/channels/${inbox.channelId}/raw`, {
    body,
    token: inbox.key,
    headers: { "content-type": "message/rfc822" },
  });

/** An agent who belongs to no campaign, signed in. */
async function anAgent(): Promise<string> {
  const user = { email: `${randomUUID()}@example.com`, password: "a-long-enough-one" };
  const body = { ...user, name: "An agent", role: "agent" };
  expected(await system.http("POST", "/api/v1/users", { body, token: system.token }), 201);
  return signIn(system.http, user);
}
