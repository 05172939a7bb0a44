/** A gateway for tests, on a port of its own, with stand-ins for identity and whoever else. */
import { connect as connectSocket } from "node:net";
import type { ServiceSchema } from "moleculer";
import { gatewayWith } from "../gateway/gateway.service.ts";
import { settingsOf, type Settings } from "../gateway/settings.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { permissionsOf, type Holder } from "#shared/contracts/access.ts";
import { CampaignSettings } from "#shared/contracts/campaigns/settings.ts";
import { unauthorized } from "#shared/errors.ts";
import { standIn, startBus } from "#shared/testing/bus.ts";
import { checker } from "#shared/validation.ts";

export const at = new Date("2026-01-31T10:00:00Z");
export const aUser = (more: object = {}) => ({
  id: "u1",
  email: "ada@example.com",
  name: "Ada",
  role: "agent" as const,
  disabled: false,
  language: "en" as const,
  version: 7,
  createdAt: at,
  updatedAt: at,
  ...more,
});
export const aCampaign = {
  id: "c1",
  name: "Care",
  description: "",
  timeZone: "UTC",
  language: "en" as const,
  enabled: true,
  archived: false,
  ...checker(CampaignSettings)({}),
  routingStrategy: "roundRobin" as const,
  caseTypes: [],
  options: {} as never,
  channelIds: [],
  agents: [],
  supervisorIds: [],
  version: 3,
  createdAt: at,
  updatedAt: at,
};
export const ownChannel = "own-channel";

/** The actor of a token such as "agent", or "agent:ada" where it matters who. */
export function actorOfToken(token: string): Actor {
  const [holder = "", id = `${holder}-1`] = token.split(":");
  if (!["administrator", "supervisor", "agent", "connector"].includes(holder)) {
    throw unauthorized("The token is not valid");
  }
  const permissions = permissionsOf(holder as Holder);
  return holder === "connector"
    ? { kind: "connector", id, permissions, channelId: ownChannel }
    : { kind: "user", id, role: holder as Actor["role"] & string, permissions };
}

const identityStandIn = standIn("identity", {
  verify: (ctx) => actorOfToken(ctx.params.token),
});

export interface Ask {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Bytes or text sent as they are instead of `body`. */
  raw?: string | Uint8Array<ArrayBuffer>;
}

/** Starts a gateway among `services`; identity knows tokens that are named after roles. */
export async function startGateway(own: Partial<Settings>, ...services: ServiceSchema[]) {
  const settings = { ...settingsOf(), port: 0, pace: { idleMs: 50, flightMs: 5_000 }, ...own };
  const identity = services.some(({ name }) => name === "identity") ? [] : [identityStandIn];
  const bus = await startBus(gatewayWith(settings), ...identity, ...services);
  const service = bus.getLocalService("gateway") as unknown as {
    address(): { host: string; port: number; metricsPort?: number };
    drain(): Promise<void>;
  };
  const { port } = service.address();

  return { bus, service, port, ask: askOn(port) };
}

/** Asks "GET /cases" under the API's base; a whole path where it starts with a second slash. */
export const askOn =
  (port: number) =>
  (rest: string, { token, body, headers, raw }: Ask = {}): Promise<Response> => {
    const [method, path = ""] = rest.split(" ");
    const content = raw ?? (body === undefined ? null : JSON.stringify(body));
    const own = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(content !== null && { "content-type": "application/json" }),
    };
    return fetch(`http://127.0.0.1:${port}${`/api/v1${path}`.replace("/api/v1//", "/")}`, {
      method: String(method),
      body: content,
      headers: { ...own, ...headers },
    });
  };

/** Sends bytes as they are and answers all that comes back until the connection closes. */
export function sendRaw(port: number, ...parts: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const socket = connectSocket(port, "127.0.0.1", () => {
      for (const part of parts) socket.write(part);
    });
    socket.setEncoding("utf8");
    socket.on("data", (data: string) => (heard += data));
    socket.on("error", (error) => {
      if (heard === "") reject(error);
    });
    socket.on("close", () => {
      resolve(heard);
    });
  });
}

/** The problem document of an answer. */
export const problemOf = async (answer: Promise<Response>): Promise<unknown> =>
  (await answer).json();
