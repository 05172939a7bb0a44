/** Where erasures are kept, and what is left of customers that were erased (B08). */
import type { ClientSession, Filter } from "mongodb";
import { Erasure } from "#shared/contracts/customers/privacy.ts";
import { Subject } from "#shared/contracts/privacy.ts";
import { notFound } from "#shared/errors.ts";
import {
  id,
  instant,
  oneOf,
  optional,
  record,
  text,
  whole,
  type Received,
} from "#shared/fields.ts";
import { findPage, type Page } from "#shared/mongo/pages.ts";
import { collection, entityOf, keptOf, type Kept } from "#shared/mongo/store.ts";
import type { Progress } from "./erasures.rules.ts";

/** An erasure as it is kept. */
export type KeptErasure = Received<typeof KeptErasure>;
const KeptErasure = {
  ...Erasure,
  /** Gone once it is over: the addresses are the person's. */
  subject: optional(record(Subject)),
  progress: record({
    pass: whole(1, 1_000_000),
    place: whole(0, 1_000),
    cursor: optional(text(4_000)),
    changed: whole(0, 1_000_000_000),
    dueAt: instant,
  }),
  /** Raised by each step, so that of two that take the same one only one counts. */
  turn: whole(0, 1_000_000_000),
};

const erasures = collection("customers", "erasures", KeptErasure, [
  { key: { createdAt: -1, _id: -1 } },
  { key: { state: 1, createdAt: -1, _id: -1 } },
  { key: { customerId: 1, _id: -1 } },
  { key: { "progress.dueAt": 1 }, partialFilterExpression: { subject: { $exists: true } } },
]);

/** What is left of a customer, or of a blocked address, that was erased. */
export type Tombstone = Received<typeof Tombstone>;
const Tombstone = {
  id,
  of: oneOf("customer", "blockedAddress"),
  customerId: id,
  erasureId: id,
  kind: optional(text(20)),
  createdAt: optional(instant),
  lastInteractionAt: optional(instant),
  erasedAt: instant,
};

const tombstones = collection("customers", "tombstones", Tombstone, [
  { key: { customerId: 1, of: 1, _id: 1 } },
]);

/** Keeps a new erasure with what is left of its person. */
export async function begin(
  erasure: KeptErasure,
  left: readonly Tombstone[],
  session: ClientSession,
): Promise<void> {
  await erasures.native().insertOne(keptOf(erasure), { session });
  await tombstones.native().insertMany(
    left.map((one) => keptOf(one)),
    { session },
  );
}

/** What is left of these customers, of one kind. */
export const leftOf = (
  customerIds: string[],
  of: Tombstone["of"],
  paging: { limit: number; cursor?: string | undefined },
): Promise<Page<Kept<Tombstone>>> =>
  findPage(tombstones.native(), {
    filter: { customerId: { $in: customerIds }, of },
    sort: [["_id", 1]],
    ...paging,
  });

/** @throws 404 NOT_FOUND */
export async function get(erasureId: string): Promise<Erasure> {
  const kept = await erasures.native().findOne({ _id: erasureId });
  if (!kept) throw notFound("erasure", erasureId);
  return shown(kept);
}

/** The erasure of a customer that is not over. */
export async function underWay(
  customerId: string,
  session?: ClientSession,
): Promise<KeptErasure | undefined> {
  const [last] = await erasures
    .native()
    .find({ customerId, subject: { $exists: true } }, session ? { session } : {})
    .sort({ _id: -1 })
    .limit(1)
    .toArray();
  return last && entityOf<KeptErasure>(last);
}

/** Newest first. */
export async function list({
  state,
  ...paging
}: {
  state?: Erasure["state"];
  limit: number;
  cursor?: string;
  count?: boolean;
}): Promise<Page<Erasure>> {
  const page = await findPage(erasures.native(), {
    filter: state ? { state } : {},
    sort: [
      ["createdAt", -1],
      ["_id", -1],
    ],
    ...paging,
  });
  return { ...page, items: page.items.map(shown) };
}

/** Some of the erasures that are not over and whose next step is due. */
export async function due(now: Date, limit: number): Promise<Going[]> {
  const found = await erasures
    .native()
    .find({ subject: { $exists: true }, "progress.dueAt": { $lte: now } } as Filter<
      Kept<KeptErasure>
    >)
    .sort({ "progress.dueAt": 1 })
    .limit(limit)
    .toArray();
  return found.map((kept) => entityOf<Going>(kept as Kept<Going>));
}

/** One that is not over. */
export type Going = KeptErasure & { subject: Subject };

/**
 * Keeps what became of an erasure by a step; answers false where another has taken that step.
 */
export async function advance(
  { id: erasureId, turn }: KeptErasure,
  changes: Partial<Pick<KeptErasure, "state" | "report" | "finishedAt" | "waitsFor">> & {
    progress: Progress;
  },
  session?: ClientSession,
): Promise<boolean> {
  const { matchedCount } = await erasures.native().updateOne(
    { _id: erasureId, turn },
    {
      $set: { ...changes, turn: turn + 1, updatedAt: new Date() },
      $unset: {
        ...(changes.waitsFor ? {} : { waitsFor: "" as const }),
        ...(changes.state === "done" ? { subject: "" as const } : {}),
      },
    },
    session ? { session } : {},
  );
  return matchedCount === 1;
}

function shown({
  subject: _subject,
  progress: _progress,
  turn: _turn,
  ...kept
}: Kept<KeptErasure>) {
  return entityOf<Erasure>(kept);
}
