/** The system that the tests of one file share, and how they speak to it. */
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

export interface Outcome {
  interactionId: string;
  state: string;
  duplicate: boolean;
  case: { id: string; number: number; isNew: boolean };
  customer: { id: string; isNew: boolean };
}

interface Running {
  layout?: readonly string[];
  environment?: NodeJS.ProcessEnv;
}

/** Starts the whole product, in one process unless said otherwise, on the test run's servers. */
export async function startWorld({ layout = together, environment = {} }: Running = {}) {
  const system: System = await startSystem(
    { mongodbUrl: String(process.env["MONGODB_URL"]), natsUrl: String(process.env["NATS_URL"]) },
    layout,
    { ...patient, ...environment },
  );
  const inbox: Inbox = await makeInbox(system);

  return {
    system,
    inbox,
    get: (path: string, token = system.token) => system.http("GET", `/api/v1${path}`, { token }),
    /** Posts a message that is taken. */
    send: async (more: object = {}, headers: Record<string, string> = {}) =>
      expected(await post(system.http, inbox, aMessage(more), headers), 200, 201).json<Outcome>(),
    /** A new user of a role, signed in. */
    async aUser(role: string): Promise<{ id: string; token: string }> {
      const email = `${randomUUID()}@example.com`;
      const password = "a-long-enough-one";
      const body = { email, name: `A ${role}`, role, password };
      const asked = { body, token: system.token };
      const made = expected(await system.http("POST", "/api/v1/users", asked), 201);
      const token = await signIn(system.http, { email, password });
      return { id: made.json<{ id: string }>().id, token };
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
