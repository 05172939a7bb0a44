/** The whole product behind two gateways, and people who are given cases. */
import { randomUUID } from "node:crypto";
import { until } from "#shared/testing/until.ts";
import { httpClient } from "../system/http.ts";
import { startNode } from "../system/nodes.ts";
import {
  expected,
  freePort,
  patient,
  signIn,
  startSystem,
  together,
  type System,
} from "../system/system.ts";

/** Everything in one process, and a second gateway in another. */
export async function startTwoGateways(more: NodeJS.ProcessEnv) {
  const servers = {
    mongodbUrl: String(process.env["MONGODB_URL"]),
    natsUrl: String(process.env["NATS_URL"]),
  };
  const system = await startSystem(servers, together, { ...patient, ...more });
  const secondPort = await freePort();
  const second = startNode("gateway", { ...system.environment, PORT: String(secondPort) });
  const other = httpClient(secondPort);
  const ready = async () => (await other("GET", "/health/ready")).status === 200;
  await until(ready, { withinMs: 60_000, everyMs: 100 });
  const stop = async () => {
    await second.stop();
    await system.stop();
  };
  return { system, secondPort, stop };
}

export interface Person {
  id: string;
  email: string;
  token: string;
}

export const password = "a-long-enough-one";

/** Somebody who reads Spanish, signed in. */
export async function aPerson({ http, token }: System, role: string): Promise<Person> {
  const email = `${randomUUID()}@example.com`;
  const body = { email, name: `A ${role}`, role, password, language: "es" };
  const made = expected(await http("POST", "/api/v1/users", { body, token }), 201);
  const { id } = made.json<{ id: string }>();
  return { id, email, token: await signIn(http, { email, password }) };
}
