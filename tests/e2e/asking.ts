/** Asking the whole system, and holding what it answers against what is described of it. */
import { expect } from "@jest/globals";
import { answerOf, fits, named } from "../described.ts";
import { makeInbox, patient, startSystem, together } from "../system/system.ts";

/** The operations that are asked in a file of their own. */
export const ofAgents = [
  ...["cases.enter", "cases.exit", "cases.presence"],
  ...["identity.board", "identity.forceState", "identity.stateHistory"],
  ...["identity.getState", "identity.setState", "identity.heartbeat"],
  ...["identity.listPauseReasons", "identity.createPauseReason", "identity.changePauseReason"],
];

export const ofQueues = ["cases.take", "cases.listPending", "cases.queue"];

/** All but the stream, which is listened to, and the upload: `attending` and `attachments`. */
export const ofNotes = [
  ...["cases.addNote", "cases.listNotes", "cases.getNote", "cases.changeNote", "cases.deleteNote"],
  ...["cases.saveDraft", "cases.getDraft", "cases.clearDraft"],
  ...["cases.noteTyping", "cases.stopTyping"],
];

/** Those of the view of a case, asked in `view.test.ts`. */
const ofViews = [
  ...["cases.script", "cases.listTabs", "cases.getTabValues", "cases.setTabValues"],
  ...["cases.askTab", "cases.keepFindings", "audit.ofCase"],
];

/** Asked in lists.test.ts. */
const ofLists = ["cases.counters", "cases.flag"];

/** Asked in reported.test.ts. */
const ofCalls = ["channels.reportCall"];

/** No JSON: imports.test.ts. */
const ofImports = ["imports.create", "imports.template", "imports.rejectsWorkbook"];

const elsewhere = new Set([
  ...ofAgents,
  ...ofQueues,
  ...ofNotes,
  ...ofViews,
  ...ofLists,
  ...ofCalls,
  ...ofImports,
]);

/** Whether an operation is asked in another file than that of most. */
export const isAskedElsewhere = (operationId: string): boolean => elsewhere.has(operationId);

interface Asked {
  path?: Record<string, string>;
  query?: string;
  body?: object;
  headers?: Record<string, string>;
  token?: string;
}

/** The whole system with a channel for e-mail, and who asks it. */
export async function startAsking() {
  const servers = {
    mongodbUrl: String(process.env["MONGODB_URL"]),
    natsUrl: String(process.env["NATS_URL"]),
  };
  const system = await startSystem(servers, together, patient);
  const inbox = await makeInbox(system, "email");
  const asked = new Set<string>();

  /** Asks an operation by its name; what comes back fits what is described for its status. */
  async function ask<T = { id: string; version: number }>(
    operationId: string,
    { path = {}, query = "", token = system.token, ...more }: Asked = {},
  ): Promise<T> {
    const operation = named(operationId);
    const where = operation.path.replaceAll(
      /\{(\w+)\}/g,
      (_whole, name: string) => path[name] ?? "",
    );
    const method = operation.method.toUpperCase();
    const answer = await system.http(method, where + query, { ...more, token });
    asked.add(operationId);
    if (answer.status >= 300 || !operation.operation.responses[String(answer.status)]) {
      throw new Error(`${operationId} answered ${String(answer.status)}: ${answer.text}`);
    }
    if (answer.text === "") return undefined as T;
    const { type, schema } = answerOf(operationId, answer.status);
    expect(answer.headers["content-type"]).toContain(type);
    expect([operationId, fits(schema, answer.json())]).toEqual([operationId, true]);
    return answer.json<T>();
  }

  return { system, inbox, asked, ask };
}

export type Asking = Awaited<ReturnType<typeof startAsking>>;

export const ifMatch = ({ version }: { version: number }) => ({
  "if-match": `"${String(version)}"`,
});
