/** The management view of a case in one call, beside each of its parts asked for alone, through HTTP. */
import { randomUUID } from "node:crypto";
import * as systems from "../tests/system/system.ts";
import { measured, round, type Figures } from "./figures.ts";

export interface ViewRow {
  what: string;
  concurrency: number;
  figures: Figures;
  /** Of the whole view: what its 95th percentile is above that of its slowest part. */
  ownMs?: number;
}

const caseCount = 200;
const messagesEach = 8;
const include =
  "customer,contactPoints,account,conversation,attachments,script,tabs,activities,agenda";
/** What the view may take of its own beside its slowest part. */
const goalMs = 30;

interface Known {
  id: string;
  customerId: string;
}

/** Prints a row for each part and for the whole, at each concurrency. */
export async function benchView(
  servers: systems.Servers,
  seconds: number,
  tell: (line: string) => void,
): Promise<ViewRow[]> {
  const system = await systems.startSystem(servers, systems.together);
  try {
    const { token, cases } = await anOffice(system);
    tell("what          | concurrency | p50 ms | p95 ms | p99 ms | own ms");
    const rows: ViewRow[] = [];
    for (const concurrency of [1, 8]) {
      const ask = async (path: string) => {
        const answer = await system.http("GET", `/api/v1${path}`, { token });
        systems.expected(answer, 200);
      };
      const parts = await rowsOf(ask, cases, { concurrency, seconds });
      for (const row of parts) tell(lineOf(row));
      rows.push(...parts);
    }
    return rows;
  } finally {
    await system.stop();
  }
}

const paths: Readonly<Record<string, (kase: Known) => string>> = {
  "the case": ({ id }) => `/cases/${id}`,
  customer: ({ customerId }) => `/customers/${customerId}`,
  contactPoints: ({ customerId }) => `/customers/${customerId}/contact-points`,
  conversation: ({ id }) => `/cases/${id}/conversation`,
  attachments: ({ id }) => `/cases/${id}/attachments`,
  activities: ({ id }) => `/cases/${id}/activities`,
  agenda: ({ id }) => `/agenda?caseId=${id}`,
  script: ({ id }) => `/cases/${id}/script`,
  tabs: ({ id }) => `/cases/${id}/tabs`,
};

async function rowsOf(
  ask: (path: string) => Promise<void>,
  cases: readonly Known[],
  { concurrency, seconds }: { concurrency: number; seconds: number },
): Promise<ViewRow[]> {
  let turn = 0;
  const each = async (what: string, path: (kase: Known) => string): Promise<ViewRow> => {
    const operation = () => ask(path(cases[turn++ % cases.length] as Known));
    await measured(operation, concurrency, 0.5); // warm
    return { what, concurrency, figures: await measured(operation, concurrency, seconds) };
  };
  const rows: ViewRow[] = [];
  for (const [what, path] of Object.entries(paths)) rows.push(await each(what, path));
  const whole = await each("the view", ({ id }) => `/cases/${id}?include=${include}`);
  const slowest = Math.max(...rows.map(({ figures }) => figures.p95));
  return [...rows, { ...whole, ownMs: round(whole.figures.p95 - slowest) }];
}

function lineOf({ what, concurrency, figures: { p50, p95, p99 }, ownMs }: ViewRow): string {
  const over = ownMs !== undefined && ownMs > goalMs ? " over" : "";
  const own = ownMs === undefined ? "" : `${String(ownMs)}${over}`;
  return [what.padEnd(13), concurrency, p50, p95, p99, own].map(String).join(" | ");
}

/** A campaign with script and tabs, an agent who sees all of it, and its cases. */
async function anOffice(system: systems.System): Promise<{ token: string; cases: Known[] }> {
  const inbox = await systems.makeInbox(system);
  const ask = async (method: string, path: string, body: object, status: number) =>
    systems.expected(
      await system.http(method, `/api/v1${path}`, { body, token: system.token }),
      status,
    );
  const credentials = { email: `${randomUUID()}@example.com`, password: "a-long-enough-one" };
  const user = { ...credentials, name: "Ada", role: "agent" };
  const { id: userId } = (await ask("POST", "/users", user, 201)).json<{ id: string }>();
  const campaign = `/campaigns/${inbox.campaignId}`;
  const members = [{ userId, channelIds: [inbox.channelId] }];
  await ask("PUT", `${campaign}/agents`, members, 200);
  await ask("PUT", `${campaign}/options`, { queueAssignment: false, agentsSeeAllCases: true }, 200);
  const html = "<p>Dear {{customer.name}}, case {{case.number}} of {{campaign.name}}</p>";
  await ask("PUT", `${campaign}/script`, { html }, 200);
  const address = "https://example.com/{{customer.name}}?n={{case.number}}";
  const fields = [{ key: "plan", label: "Plan", type: "text" }];
  const tabs = [
    { title: "Catalogue", kind: "link", address },
    { title: "Survey", kind: "form", fields },
  ];
  await ask("PUT", `${campaign}/tabs`, tabs, 200);
  const cases = await Promise.all(Array.from({ length: caseCount }, () => aCase(system, inbox)));
  return { token: await systems.signIn(system.http, credentials), cases };
}

async function aCase(system: systems.System, inbox: systems.Inbox): Promise<Known> {
  const from = { type: "email", value: `${randomUUID()}@example.com`, name: "Ada Byron" };
  let known: Known | undefined;
  for (let message = 0; message < messagesEach; message += 1) {
    const sent = await systems.post(system.http, inbox, systems.aMessage({ from }), {
      prefer: "wait=30",
    });
    const { case: kase, customer } = systems
      .expected(sent, 200, 201)
      .json<Record<"case" | "customer", { id: string }>>();
    known = { id: kase.id, customerId: customer.id };
  }
  return known as Known;
}
