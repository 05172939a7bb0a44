/** The whole product as it runs: any layout of processes against real servers, behind its gateway. */
import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { until } from "#shared/testing/until.ts";
import { httpClient, type Answer, type Asked, type Http } from "./http.ts";
import { startNode, type Node } from "./nodes.ts";

export const administrator = { email: "admin@example.com", password: "an-administrator" };

export interface System {
  http: Http;
  port: number;
  nodes: Node[];
  environment: NodeJS.ProcessEnv;
  /** The first administrator's access token. */
  token: string;
  stop: () => Promise<void>;
}

export interface Servers {
  mongodbUrl: string;
  natsUrl: string;
}

/** Every service in one process, as `npm start` runs them. */
export const together = [
  [
    ...["identity", "campaigns", "channels", "customers", "cases", "automation"],
    ...["files", "audit", "notifications", "imports", "gateway"],
  ].join(","),
];
/** Every service as a process of its own, some of them several times. */
export const apart = (replicas = 1): string[] => [
  ...["gateway", "identity", "campaigns", "automation", "files"],
  ...["audit", "notifications", "imports"],
  ...Array.from({ length: replicas }, () => ["channels", "customers", "cases"]).flat(),
];

/** All services but these, in one process. */
export const beside = (...services: string[]): string =>
  together
    .flatMap((process) => process.split(","))
    .filter((service) => !services.includes(service))
    .join(",");
/** As `apart`, with one process for all that a message does not pass on its way. */
export const wayApart = (replicas = 1): string[] => {
  const way = ["channels", "customers", "cases"];
  return [
    "gateway",
    beside("gateway", ...way),
    ...Array.from({ length: replicas }, () => way).flat(),
  ];
};

/**
 * Waits longer than the product does, for tests that show what it answers and not how soon: the
 * machine may be busy with other tests.
 */
export const patient = { REQUEST_TIMEOUT_MS: "20000", INBOUND_WAIT_MS: "15000" };

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => {
        resolve(port);
      });
    });
  });

/** Starts the product, waits until it is ready, and signs its administrator in. */
export async function startSystem(
  { mongodbUrl, natsUrl }: Servers,
  layout: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<System> {
  const port = await freePort();
  const environment = {
    MONGODB_URL: mongodbUrl,
    NATS_URL: natsUrl,
    NAMESPACE: `sys${randomBytes(5).toString("hex")}`,
    PORT: String(port),
    ADMIN_EMAIL: administrator.email,
    ADMIN_PASSWORD: administrator.password,
    RATE_LIMIT_CONNECTOR: "100000000",
    RATE_LIMIT_USER: "100000000",
    RATE_LIMIT_ADDRESS: "100000000",
    ...more,
  };
  const nodes = layout.map((services) => startNode(services, environment));
  const http = httpClient(port);
  const stop = async () => {
    http.close();
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    const ready = async () => (await http("GET", "/health/ready")).status === 200;
    await until(ready, { withinMs: 60_000 });
    const token = await until(() => signIn(http, administrator), { withinMs: 20_000 });
    return { http, port, nodes, environment, token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Signs a user in and answers the access token. */
export async function signIn(
  http: Http,
  { email, password }: { email: string; password: string },
): Promise<string> {
  const answer = await http("POST", "/api/v1/auth/sign-in", { body: { email, password } });
  return expected(answer, 200).json<{ accessToken: string }>().accessToken;
}

/**
 * The answer, if it has the status.
 * @throws with what was answered instead
 */
export function expected(answer: Answer, ...statuses: number[]): Answer {
  if (statuses.includes(answer.status)) return answer;
  throw new Error(`Answered ${String(answer.status)}: ${answer.text.slice(0, 500)}`);
}

export interface Inbox {
  campaignId: string;
  channelId: string;
  key: string;
}

/** A new campaign with one channel and a key for its connector. */
export async function makeInbox({ http, token }: System, type = "webchat"): Promise<Inbox> {
  const post = async (path: string, body: object) =>
    expected(await http("POST", `/api/v1${path}`, { body, token }), 201).json<{
      id: string;
      key: string;
    }>();
  const campaign = await post("/campaigns", { name: `Campaign ${randomUUID()}` });
  const channel = await post("/channels", {
    name: "Channel",
    type,
    direction: "both",
    campaignId: campaign.id,
  });
  const { key } = await post(`/channels/${channel.id}/keys`, {});
  return { campaignId: campaign.id, channelId: channel.id, key };
}

/** Asks below `/api/v1`; as the first administrator where no token is given. */
export type Ask = (
  method: string,
  path: string,
  asked?: Asked & { version?: number | undefined },
) => Promise<Answer>;

/** @param system which may not have started yet */
export const askerOf =
  (system: () => System): Ask =>
  (method, path, { token, version, headers = {}, ...more } = {}) => {
    const { http, token: administrators } = system();
    const read = version === undefined ? {} : { "if-match": `"${String(version)}"` };
    return http(method, `/api/v1${path}`, {
      ...more,
      token: token ?? administrators,
      headers: { ...read, ...headers },
    });
  };

/** A message as a connector posts it. */
export const aMessage = (more: object = {}) => ({
  externalId: randomUUID(),
  from: { type: "email", value: `${randomUUID()}@example.com`, name: "Ada Byron" },
  text: "My order has not arrived, although the parcel service says that it was delivered.",
  ...more,
});

/** Posts a message; any status may come back. */
export const post = (
  http: Http,
  { channelId, key }: Inbox,
  body: object,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  http("POST", `/api/v1/channels/${channelId}/messages`, { body, token: key, headers });
