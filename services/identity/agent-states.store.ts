/** Where the states of agents are kept, and the spans of time that they were in each (G19). */
import type { ClientSession } from "mongodb";
import {
  agentState,
  EnteredCase,
  type StateTime,
} from "#shared/contracts/identity/agent-states.ts";
import { reasonCode } from "#shared/contracts/identity/pause-reasons.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  whole,
  yesNo,
  type Received,
} from "#shared/fields.ts";
import { newId } from "#shared/ids.ts";
import { findPage, longestMs, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, keptOf } from "#shared/mongo/store.ts";
import type { Agent } from "./agent-states.rules.ts";

const version = whole(0, 1_000_000_000);

const agents = collection(
  "identity",
  "agents",
  {
    id,
    state: agentState,
    reason: optional(reasonCode),
    since: instant,
    version,
    chosen: record({
      state: oneOf("available", "paused", "wrapUp"),
      reason: optional(reasonCode),
    }),
    sessionIds: list(id, 100),
    entered: list(record(EnteredCase), 100),
    enteredVersion: version,
  },
  [],
);

export type Span = Received<typeof Span>;
const Span = {
  id,
  userId: id,
  state: agentState,
  reason: optional(reasonCode),
  from: instant,
  to: optional(instant),
  forcedBy: optional(id),
  /** The user came from offline with it. */
  isSignIn: optional(yesNo),
};

const spans = collection("identity", "agentStates", Span, [
  { key: { userId: 1, from: -1, _id: -1 } },
  { key: { userId: 1, to: 1 } },
]);

export async function find(userId: string, session?: ClientSession): Promise<Agent | undefined> {
  const row = await agents.native().findOne({ _id: userId }, session ? { session } : {});
  return row ? entityOf<Agent>(row) : undefined;
}

/** Those of whom something is known. */
export async function those(userIds: readonly string[]): Promise<Map<string, Agent>> {
  const rows = await agents
    .native()
    .find({ _id: { $in: [...userIds] } })
    .toArray();
  return new Map(rows.map((row) => [row._id, entityOf<Agent>(row as never)]));
}

/** Keeps an agent; where the state is another one, its span ends and the next one begins. */
export async function keep(
  before: Agent,
  after: Agent,
  forcedBy: string | undefined,
  session: ClientSession,
): Promise<void> {
  const { id: userId, state, reason, since } = after;
  const row = keptOf(after) as never;
  await agents.native().replaceOne({ _id: userId }, row, { upsert: true, session });
  if (after.version === before.version) return;

  await spans
    .native()
    .updateOne({ userId, to: null as never }, { $set: { to: since } }, { session });
  await spans.native().insertOne(
    {
      _id: newId(),
      ...{ userId, state, from: since },
      ...(reason ? { reason } : {}),
      ...(forcedBy ? { forcedBy } : {}),
      ...(before.state === "offline" ? { isSignIn: true } : {}),
    },
    { session },
  );
}

/** Spans that began in a range of time, both ends included, newest first. */
export async function history({
  userId,
  from,
  to,
  ...paging
}: {
  userId: string;
  from?: Date;
  to?: Date;
  limit: number;
  cursor?: string;
}): Promise<Page<Span>> {
  const began = { ...(from ? { $gte: from } : {}), ...(to ? { $lte: to } : {}) };
  const filter = { userId, ...(from || to ? { from: began } : {}) };
  const sort = [
    ["from", -1],
    ["_id", -1],
  ] as const;
  const page = await findPage(spans.native(), { filter, sort, ...paging });
  return { ...page, items: page.items.map((row) => entityOf<Span>(row)) };
}

export type StateSum = StateTime & { firstSignInAt?: Date };

/**
 * How long each of these users was in each state from a moment until another, which has passed; and
 * the first sign-in in between.
 */
export async function sums(userIds: readonly string[], from: Date, to: Date): Promise<StateSum[]> {
  const lasted = {
    $subtract: [{ $min: [{ $ifNull: ["$to", to] }, to] }, { $max: ["$from", from] }],
  };
  const signIn = { $and: ["$isSignIn", { $gte: ["$from", from] }] };
  const rows = spans.native().aggregate<{
    _id: Pick<StateTime, "userId" | "state" | "reason">;
    ms: number;
    first: Date | null;
  }>(
    [
      {
        $match: {
          userId: { $in: [...userIds] },
          from: { $lt: to },
          // later than that, or lasting
          to: { $not: { $lte: from } },
        },
      },
      {
        $group: {
          _id: { userId: "$userId", state: "$state", reason: "$reason" },
          ms: { $sum: lasted },
          first: { $min: { $cond: [signIn, "$from", null] } },
        },
      },
    ],
    { hint: { userId: 1, to: 1 }, maxTimeMS: longestMs },
  );
  return (await rows.toArray()).map(({ _id, ms, first }) => ({
    ..._id,
    seconds: Math.round(ms / 1_000),
    ...(first ? { firstSignInAt: first } : {}),
  }));
}
