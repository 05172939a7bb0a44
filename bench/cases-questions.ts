/** What is asked of the cases, and the lookup by the driver that each list stands beside. */
import type { Document } from "mongodb";
import type { Broker, Contracts } from "#shared/bus.ts";
import type { Sent } from "#shared/fields.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { agentCount, big, type Rows } from "./cases-kept.ts";

export interface Question {
  what: string;
  ask: () => Promise<unknown>;
  /** The same by the driver, told its index; none where no one lookup answers it. */
  raw?: () => Promise<unknown>;
}

type Asked = Sent<Contracts["cases"]["actions"]["list"]["params"]>;
type Sort = NonNullable<Asked["sort"]>;

const as = (role: NonNullable<Actor["role"]>, id = role as string) => ({
  meta: { actor: { kind: "user" as const, id, role, permissions: [] }, requestId: "bench" },
});
const administrator = as("administrator");
const everyFilter: [what: string, asked: Asked][] = [
  ["the active", { state: "active" }],
  ["the closed", { state: "closed" }],
  ["all", {}],
  ["a rare status", { status: ["escalated"] }],
  ["a priority", { state: "active", priority: ["high"] }],
  ["an assignee", { state: "active", assigneeId: ["agent-7"] }],
  ["the unassigned", { state: "active", unassigned: true }],
  ["a channel", { state: "active", channelId: ["channel-3"] }],
  ["a type", { state: "active", caseTypeId: ["type-3"] }],
  ["the flagged", { state: "active", flag: true }],
  ["what is due", { state: "active", due: true }],
  ["a sender", { from: "maria" }],
  ["a subject", { state: "active", subject: "invoice late" }],
  [
    "a day",
    { createdFrom: new Date(Date.now() - 2 * 864e5), createdTo: new Date(Date.now() - 864e5) },
  ],
];
const everySort: Sort[] = [
  ...(["-created", "created", "-updated", "updated", "-lastCustomerUpdate"] as const),
  ...(["from", "-subject", "priority", "flag"] as const),
];

/** Each filter and sort, the first page and the two hundredth, in a campaign with 100,000 open. */
export async function listQuestions(broker: Broker, cases: Rows): Promise<Question[]> {
  const questions: Question[] = [];
  for (const [what, asked] of everyFilter) {
    for (const sort of everySort) {
      const list = (more: Asked) =>
        broker.call("cases.list", { ...asked, campaignId: [big], sort, ...more }, administrator);
      const raw = rawOf(cases, what, sort);
      questions.push({ what: `${what} by ${sort}`, ask: () => list({}), ...(raw ? { raw } : {}) });
      const cursor = await cursorOf((more) => list({ limit: 199, ...more }));
      if (cursor) {
        questions.push({ what: `${what} by ${sort}, page 200`, ask: () => list({ cursor }) });
      }
    }
  }
  return questions;
}

type Listing = (more: Asked) => Promise<{ nextCursor: string | null }>;

/** Where the two hundredth page of 50 begins; none where the list is shorter. */
async function cursorOf(list: Listing): Promise<string | undefined> {
  let cursor: string | null = null;
  for (let page = 0; page < 50; page += 1) {
    cursor = (await list(cursor ? { cursor } : {})).nextCursor;
    if (!cursor) return undefined;
  }
  return cursor ?? undefined;
}

/** One hinted lookup in the order of its index, for lists that are such. */
function rawOf(cases: Rows, what: string, sort: Sort): (() => Promise<unknown>) | undefined {
  if (what !== "the active") return undefined;
  const field = { updated: "updatedAt", lastCustomerUpdate: "lastCustomerUpdateAt" } as const;
  const name = sort.replace("-", "");
  const way = sort.startsWith("-") ? -1 : 1;
  const byCreation = { status: { $in: ["new", "open", "transferred", "escalated"] } };
  const lookups: Record<string, [hint: string, filter: Document, key: string]> = {
    created: [
      "created",
      { ...byCreation, priority: { $in: ["high", "medium", "low"] } },
      "createdAt",
    ],
    updated: ["updated", { active: true }, field.updated],
    lastCustomerUpdate: ["lastCustomerUpdate", { active: true }, field.lastCustomerUpdate],
    from: ["from", { active: true }, "sortFrom"],
    subject: ["subject", { active: true }, "sortSubject"],
  };
  const lookup = lookups[name];
  if (!lookup) return undefined;
  const [hint, filter, key] = lookup;
  return () => find(cases, { campaignId: big, ...filter }, hint, { [key]: way, _id: way });
}

const pageRows = 50;
const unread = { searchWords: 0, slot: 0, formerSlot: 0 } as const;

const find = (cases: Rows, filter: Document, hint: string, sort: Record<string, 1 | -1>) =>
  cases
    .find(filter, { hint, projection: unread })
    .sort(sort)
    .limit(pageRows + 1)
    .toArray();

const inTurn = (asks: (() => Promise<unknown>)[]): (() => Promise<unknown>) => {
  let turn = 0;
  return () => (asks[turn++ % asks.length] as () => Promise<unknown>)();
};

/** Searches by number, name and title, pending lists, an agent's own lists, and counters. */
// eslint-disable-next-line max-lines-per-function -- a list
export function otherQuestions(broker: Broker, cases: Rows, count: number): Question[] {
  const search = (q: string) => () =>
    broker.call("cases.list", { q, sort: "relevance" }, administrator);
  const numbers = Array.from({ length: 200 }, (_, place) => 1_001 + ((place * 7_919) % count));
  const agents = Array.from({ length: agentCount }, (_, place) => `agent-${String(place)}`);
  const rare = ["bacedi", "zuxote", "gulame", "ponisa", "tevixo"];
  const byName = (q: string) => () =>
    find(cases, { searchWords: { $regex: `^${q}` } }, "searchWords_1", { createdAt: -1, _id: -1 });
  const agentsAsk = (action: "cases.listPending" | "cases.list") =>
    inTurn(agents.map((id) => () => broker.call(action, {}, as("agent", id))));
  return [
    {
      what: "search by number",
      ask: inTurn(numbers.map((number) => search(`#${String(number)}`))),
      raw: inTurn(numbers.map((number) => () => cases.findOne({ number }, { hint: "number_1" }))),
    },
    { what: "search by digits", ask: inTurn(numbers.map((number) => search(String(number)))) },
    {
      what: "search by a rare name",
      ask: inTurn(rare.map(search)),
      raw: inTurn(rare.map(byName)),
    },
    { what: "search by a common name", ask: inTurn(["María", "garcia", "jose"].map(search)) },
    { what: "search by two names", ask: inTurn(["maria garcia"].map(search)) },
    { what: "search by title", ask: inTurn(["invoice late 17", "router broken"].map(search)) },
    {
      what: "the pending list",
      ask: agentsAsk("cases.listPending"),
      raw: inTurn(
        agents.map(
          (id) => () =>
            find(cases, { line: `user|${id}` }, "standing", { rank: 1, createdAt: 1, _id: 1 }),
        ),
      ),
    },
    { what: "an agent's own list", ask: agentsAsk("cases.list") },
    {
      what: "counters of the campaign",
      ask: () => broker.call("cases.counters", { campaignId: [big] }, administrator),
    },
  ];
}
