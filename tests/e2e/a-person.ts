/** A person for the tests of privacy: all that can be told about one, each with a word of its own. */
import { randomBytes } from "node:crypto";
import { expected, makeInbox, post, type Inbox, type System } from "../system/system.ts";
import type { Outcome } from "./world.ts";

/** Lower case and without marks, so that it stays itself wherever it is folded for a search. */
const aWord = (what: string) => `kanari${what}${randomBytes(5).toString("hex")}`;
const digits = () => String(1_000_000 + (randomBytes(4).readUInt32BE() % 9_000_000));

const fields = [
  ...["documenttype", "firstname", "middlename", "lastname", "second", "gender", "tag", "label"],
  ...["email", "postal", "social", "documentnumber", "newname", "sendername", "subject", "text"],
  ...["html", "attachmentname", "attachmenttext", "externalid", "threadkey", "metadata", "to"],
  ...["casesubject", "casetext", "rawsubject", "rawtext", "rawid", "blockedtext", "blockedfile"],
  ...["blockedfiletext", "former", "replyto", "previous"],
] as const;
type Field = (typeof fields)[number];

export interface Person {
  id: string;
  displayName: string;
  email: string;
  inbox: Inbox;
  /** What was planted: nothing of it may be left. */
  words: string[];
  caseIds: string[];
  interactionIds: string[];
  fileIds: string[];
  /** The first message, to be sent again. */
  message: { externalId: string };
}

/** Makes a customer with everything that the API takes about a person. */
export async function aPerson(system: System): Promise<Person> {
  const word = Object.fromEntries(fields.map((one) => [one, aWord(one)])) as Record<Field, string>;
  const mobile = `+34612${digits().slice(0, 6)}`;
  const birthDate = `19${digits().slice(1, 3)}-03-17`;
  const inbox = await makeInbox(system, "email");
  const ask = async (method: string, path: string, body: object, ...more: object[]) =>
    expected(
      await system.http(method, `/api/v1${path}`, {
        token: system.token,
        body,
        headers: { ...(method === "POST" ? { "idempotency-key": aWord("key") } : {}), ...more[0] },
      }),
      200,
      201,
      204,
    );
  const email = `${word.email}@example.com`;
  const customer = {
    documentType: word.documenttype,
    documentNumber: word.documentnumber,
    firstName: word.firstname,
    middleName: word.middlename,
    lastName: word.previous,
    secondLastName: word.second,
    birthDate,
    gender: word.gender,
    tags: [word.tag],
    contactPoints: [
      { type: "email", value: email, label: word.label },
      { type: "postal", value: `${word.postal} street 1` },
    ],
  };
  const made = await ask("POST", "/customers", customer);
  const { id } = made.json<{ id: string }>();
  await ask("POST", `/customers/${id}/contact-points`, { type: "mobile", value: mobile });
  const social = { type: "social", value: word.social, label: "instagram" };
  await ask("POST", `/customers/${id}/contact-points`, social);
  const { version } = (
    await system.http("GET", `/api/v1/customers/${id}`, { token: system.token })
  ).json<{ version: number }>();
  const edit = { lastName: word.lastname, middleName: word.newname };
  await ask("PATCH", `/customers/${id}`, edit, { "if-match": `"${String(version)}"` });

  const message = {
    externalId: word.externalid,
    from: { type: "email", value: email, name: word.sendername },
    to: `${word.to}@example.com`,
    threadKey: word.threadkey,
    inReplyTo: word.replyto,
    subject: word.subject,
    text: `${word.text} has not arrived`,
    html: `<p>${word.html}</p>`,
    metadata: { note: word.metadata },
    attachments: [
      { name: `${word.attachmentname}.txt`, contentBase64: base64(word.attachmenttext) },
    ],
  };
  const sent = expected(await post(system.http, inbox, message), 201).json<Outcome>();
  const raw = await system.http("POST", `/api/v1/channels/${inbox.channelId}/raw`, {
    token: inbox.key,
    headers: { "content-type": "message/rfc822" },
    body: [
      `From: ${word.sendername} <${email}>`,
      `Message-ID: <${word.rawid}@example.com>`,
      `Subject: ${word.rawsubject}`,
      "",
      word.rawtext,
      "",
    ].join("\r\n"),
  });
  const rawSent = expected(raw, 201).json<Outcome>();
  const byHand = await ask("POST", "/cases", {
    customerId: id,
    campaignId: inbox.campaignId,
    description: word.casetext,
    subject: word.casesubject,
  });

  const former = await ask("POST", "/block-list", {
    type: "email",
    value: email,
    reason: word.former,
  });
  await ask("DELETE", `/block-list/${former.json<{ id: string }>().id}`, {});
  await ask("POST", "/block-list", { type: "mobile", value: mobile });
  await ask("POST", "/block-list", { type: "email", value: email });
  const unheard = {
    externalId: aWord("unheard"),
    from: { type: "email", value: email },
    text: word.blockedtext,
    attachments: [{ name: word.blockedfile, contentBase64: base64(word.blockedfiletext) }],
  };
  const blocked = expected(await post(system.http, inbox, unheard), 201).json<Outcome>();

  const interactionIds = [sent, rawSent, blocked].map(({ interactionId }) => interactionId);
  const fileIds = await filesOf(system, interactionIds);
  return {
    id,
    displayName: [word.firstname, word.newname, word.lastname, word.second].join(" "),
    email,
    inbox,
    words: [...Object.values(word), mobile.slice(1), birthDate, unheard.externalId],
    caseIds: [sent.case.id, rawSent.case.id, byHand.json<{ id: string }>().id],
    interactionIds,
    fileIds,
    message,
  };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

async function filesOf({ http, token }: System, interactionIds: string[]): Promise<string[]> {
  const all = await Promise.all(
    interactionIds.map((one) => http("GET", `/api/v1/interactions/${one}`, { token })),
  );
  return all.flatMap((one) =>
    expected(one, 200).json<{ attachments: { id: string }[] }>().attachments.map(({ id }) => id),
  );
}
