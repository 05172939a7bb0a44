/** A closed case for the tests of retention: all that is said in one, each with a word of its own. */
import { randomBytes, randomUUID } from "node:crypto";
import { expected, post, type Inbox, type System } from "../system/system.ts";
import type { Outcome } from "./world.ts";

const aWord = (what: string) => `kanari${what}${randomBytes(5).toString("hex")}`;

const fields = [
  ...["externalid", "threadkey", "replyto", "subject", "text", "html", "metadata"],
  ...["attachmentname", "attachmenttext", "casesubject", "former", "reason", "changednote"],
  ...["deletednote", "observations", "draft", "tabvalue", "filename", "filetext"],
] as const;
type Words = Record<(typeof fields)[number], string>;

export interface Conversation {
  caseId: string;
  number: number;
  customerId: string;
  noteId: string;
  message: { externalId: string };
  outcome: Outcome;
  /** What was said: nothing of it may be left. */
  words: string[];
}

/** The campaign of the inbox has a tab with a form from then on; answers the tab's id. */
export async function withTab({ http, token }: System, { campaignId }: Inbox): Promise<string> {
  const field = { key: "plan", label: "Plan", type: "text", required: false };
  const body = [{ title: "Plan", kind: "form", fields: [field] }];
  const set = await http("PUT", `/api/v1/campaigns/${campaignId}/tabs`, { token, body });
  return expected(set, 200).json<{ items: { id: string }[] }>().items[0]?.id ?? "";
}

/** A customer writes, is answered in all ways but messages, and the case is closed. */
export async function aConversation(
  system: System,
  inbox: Inbox,
  tabId: string,
): Promise<Conversation> {
  const word = Object.fromEntries(fields.map((one) => [one, aWord(one)])) as Words;
  const message = messageWith(word);
  const outcome = expected(await post(system.http, inbox, message), 201).json<Outcome>();
  const { id: caseId, number } = outcome.case;
  const noteId = await attendTo(system, caseId, tabId, word);
  const customerId = outcome.customer.id;
  return { caseId, number, customerId, noteId, message, outcome, words: Object.values(word) };
}

const messageWith = (word: Words) => ({
  externalId: word.externalid,
  from: { type: "email", value: `${randomUUID()}@example.com`, name: "Ada Byron" },
  ...{ threadKey: word.threadkey, inReplyTo: word.replyto, subject: word.subject },
  text: `${word.text} has not arrived`,
  html: `<p>${word.html}</p>`,
  metadata: { note: word.metadata },
  attachments: [{ name: `${word.attachmentname}.txt`, contentBase64: base64(word.attachmenttext) }],
});

const base64 = (text: string) => Buffer.from(text).toString("base64");

async function attendTo(
  { http, token, port }: System,
  caseId: string,
  tabId: string,
  word: Words,
): Promise<string> {
  const path = `/cases/${caseId}`;
  const ask = async (method: string, at: string, body?: object, version?: number) => {
    const headers = version === undefined ? {} : { "if-match": `"${String(version)}"` };
    const asked = { token, headers, ...(body ? { body } : {}) };
    const answer = await http(method, `/api/v1${path}${at}`, asked);
    return expected(answer, 200, 201, 204).text;
  };
  const edit = async (body: object) => {
    const { version } = JSON.parse(await ask("GET", "")) as { version: number };
    await ask("PATCH", "", body, version);
  };
  const note = async (text: string) =>
    (JSON.parse(await ask("POST", "/notes", { text, color: "#a1b2c3" })) as { id: string }).id;

  await edit({ subject: word.former, description: word.former });
  await edit({ subject: word.casesubject });
  const noteId = await note("Calls at noon");
  await ask("PATCH", `/notes/${noteId}`, { text: word.changednote }, 1);
  await ask("DELETE", `/notes/${await note(word.deletednote)}`);
  await ask("POST", "/activities", { answers: { observations: word.observations } });
  await ask("PUT", "/drafts/message", { content: word.draft });
  await ask("PUT", `/tabs/${tabId}/values`, { values: { plan: word.tabvalue } }, 1);
  const file = `${path}/attachments?name=${word.filename}.txt`;
  const uploaded = await fetch(`http://127.0.0.1:${String(port)}/api/v1${file}`, {
    method: "POST",
    body: word.filetext,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
  });
  if (uploaded.status !== 201) throw new Error(`Answered ${await uploaded.text()}`);
  await ask("POST", "/escalate", { reason: word.reason });
  await ask("POST", "/close");
  return noteId;
}
