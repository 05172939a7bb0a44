/** Asking the whole system operation by operation, held to what its description says (B11). */
import { expect } from "@jest/globals";
import { answerOf, fits, named } from "../described.ts";
import { startSystem, together } from "../system/system.ts";

/** The operations that are asked in a file of their own. */
const ofAgents = [
  ...["cases.enter", "cases.exit", "cases.presence"],
  ...["identity.board", "identity.forceState", "identity.stateHistory"],
  ...["identity.getState", "identity.setState", "identity.heartbeat"],
  ...["identity.listPauseReasons", "identity.createPauseReason", "identity.changePauseReason"],
];

export const ofQueues = ["cases.take", "cases.listPending", "cases.queue"];

/** Whether an operation is asked in another file than that of most. */
export const isAskedElsewhere = (operationId: string): boolean =>
  [...ofAgents, ...ofQueues].includes(operationId);

interface Asked {
  path?: Record<string, string>;
  query?: string;
  body?: object;
  headers?: Record<string, string>;
  token?: string;
}

export type Asking = Awaited<ReturnType<typeof startAsking>>;

/** Starts the system; `asked` has the names of the operations that were asked so far. */
export async function startAsking() {
  const system = await startSystem(
    { mongodbUrl: String(process.env["MONGODB_URL"]), natsUrl: String(process.env["NATS_URL"]) },
    together,
  );
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
    const answer = await system.http(operation.method.toUpperCase(), where + query, {
      ...more,
      token,
    });
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

  return { system, ask, asked };
}

export const ifMatch = ({ version }: { version: number }) => ({
  "if-match": `"${String(version)}"`,
});
