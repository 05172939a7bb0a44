/** A person for the tests of privacy: all that can be told about one, each with a word of its own. */
import { randomBytes } from "node:crypto";
import { expected, makeInbox, post, type Inbox, type System } from "../system/system.ts";
import type { Outcome } from "./world.ts";

/** Lower case and without marks, so that it stays itself wherever it is folded for a search. */
const aWord = (what: string) => `kanari${what}${randomBytes(5).toString("hex")}`;
const digits = () => String(1_000_000 + (randomBytes(4).readUInt32BE() % 9_000_000));

const fields = [
  ...["firstname", "middlename", "lastname", "second", "gender", "tag", "label"],
  ...["email", "postal", "social", "documentnumber", "newname", "sendername", "subject", "text"],
  ...["html", "attachmentname", "attachmenttext", "externalid", "threadkey", "metadata", "to"],
  ...["casesubject", "casetext", "rawsubject", "rawtext", "rawid", "blockedtext", "blockedfile"],
  ...["blockedfiletext", "former", "replyto", "previous", "account", "fieldname", "fieldvalue"],
  ...["source", "target", "removed", "network", "city", "observations"],
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

type Words = Record<Field, string>;

/** What is known of the person while it is being made. */
interface Making {
  system: System;
  word: Words;
  inbox: Inbox;
  email: string;
  mobile: string;
  birthDate: string;
}

/** Makes a customer with everything that the API takes about a person. */
export async function aPerson(system: System): Promise<Person> {
  const word = Object.fromEntries(fields.map((one) => [one, aWord(one)])) as Words;
  const making: Making = {
    system,
    word,
    inbox: await makeInbox(system, "email"),
    email: `${word.email}@example.com`,
    mobile: `+34612${digits().slice(0, 6)}`,
    birthDate: `19${digits().slice(1, 3)}-03-17`,
  };
  const id = await makeCustomer(making);
  const { sent, message } = await writeMessage(making);
  const raw = await writeMail(making);
  const caseId = await openCase(making, id, await addBelongings(making, id));
  const answers = { observations: word.observations };
  await ask(system, "POST", `/cases/${caseId}/activities`, { answers });
  await blockAddresses(making);
  const { blocked, externalId } = await writeUnheard(making);

  const interactionIds = [sent, raw, blocked].map(({ interactionId }) => interactionId);
  return {
    id,
    displayName: [word.firstname, word.newname, word.lastname, word.second].join(" "),
    email: making.email,
    inbox: making.inbox,
    words: [...Object.values(word), making.mobile.slice(1), making.birthDate, externalId],
    caseIds: [sent.case.id, raw.case.id, caseId],
    interactionIds,
    fileIds: await filesOf(system, interactionIds),
    message,
  };
}

async function ask(
  { http, token }: System,
  method: string,
  path: string,
  body: object,
  headers: Record<string, string> = { "idempotency-key": aWord("key") },
) {
  const answer = await http(method, `/api/v1${path}`, { token, body, headers });
  return expected(answer, 200, 201, 204);
}

/** By hand, with contact points added and a name changed afterwards. */
async function makeCustomer({ system, word, email, mobile, birthDate }: Making): Promise<string> {
  const customer = {
    documentType: "CC",
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
      {
        type: "postal",
        value: `${word.postal} street 1`,
        address: { line1: `${word.postal} street 1`, city: word.city },
      },
    ],
  };
  const made = await ask(system, "POST", "/customers", customer);
  const { id } = made.json<{ id: string }>();
  const points = `/customers/${id}/contact-points`;
  await ask(system, "POST", points, { type: "mobile", value: mobile });
  const social = { type: "social", value: word.social, network: word.network };
  await ask(system, "POST", points, social);
  const removed = { type: "email", value: `${word.removed}@example.com` };
  const gone = (await ask(system, "POST", points, removed)).json<{ id: string }>();
  await ask(system, "DELETE", `${points}/${gone.id}`, {}, {});
  const now = await system.http("GET", `/api/v1/customers/${id}`, { token: system.token });
  const version = `"${String(now.json<{ version: number }>().version)}"`;
  const edit = { lastName: word.lastname, middleName: word.newname };
  await ask(system, "PATCH", `/customers/${id}`, edit, { "if-match": version });
  return id;
}

/** An account, and a relation to somebody else. */
async function addBelongings({ system, word }: Making, id: string): Promise<string> {
  const account = await ask(system, "POST", `/customers/${id}/accounts`, {
    number: word.account,
    extraFields: [{ name: word.fieldname, value: word.fieldvalue }],
  });
  const other = await ask(system, "POST", "/customers", { firstName: "Grace" });
  await ask(system, "POST", `/customers/${id}/relations`, {
    relatedCustomerId: other.json<{ id: string }>().id,
    sourceLabel: word.source,
    targetLabel: word.target,
  });
  return account.json<{ id: string }>().id;
}

async function writeMessage({ system, word, inbox, email }: Making) {
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
  return { sent, message };
}

async function writeMail({ system, word, inbox, email }: Making): Promise<Outcome> {
  const sent = await system.http("POST", `/api/v1/channels/${inbox.channelId}/raw`, {
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
  return expected(sent, 201).json<Outcome>();
}

async function openCase(
  { system, word, inbox }: Making,
  customerId: string,
  accountId: string,
): Promise<string> {
  const opened = await ask(system, "POST", "/cases", {
    customerId,
    accountId,
    campaignId: inbox.campaignId,
    description: word.casetext,
    subject: word.casesubject,
  });
  return opened.json<{ id: string }>().id;
}

/** Both addresses; one of them was blocked once before. */
async function blockAddresses({ system, word, email, mobile }: Making): Promise<void> {
  const block = (body: object) => ask(system, "POST", "/block-list", body);
  const former = await block({ type: "email", value: email, reason: word.former });
  await ask(system, "DELETE", `/block-list/${former.json<{ id: string }>().id}`, {});
  await block({ type: "mobile", value: mobile });
  await block({ type: "email", value: email });
}

/** A message that gets to no customer, because its sender is blocked. */
async function writeUnheard({ system, word, inbox, email }: Making) {
  const externalId = aWord("unheard");
  const message = {
    externalId,
    from: { type: "email", value: email },
    text: word.blockedtext,
    attachments: [{ name: word.blockedfile, contentBase64: base64(word.blockedfiletext) }],
  };
  const blocked = expected(await post(system.http, inbox, message), 201).json<Outcome>();
  return { blocked, externalId };
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

async function filesOf({ http, token }: System, interactionIds: string[]): Promise<string[]> {
  const all = await Promise.all(
    interactionIds.map((one) => http("GET", `/api/v1/interactions/${one}`, { token })),
  );
  return all.flatMap((one) =>
    expected(one, 200)
      .json<{ attachments: { id: string }[] }>()
      .attachments.map(({ id }) => id),
  );
}
