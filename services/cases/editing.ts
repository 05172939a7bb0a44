/**
 * What people do to a case: it is found, refused where they may only read it, where it is closed or
 * not as they read it; then changed, kept and told of in one transaction.
 */
import { actorOf } from "#shared/actor.ts";
import type { Caller, Ctx, Meta } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { readOnly, stale } from "#shared/errors.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import type { Filter } from "#shared/visibility.ts";
import * as store from "./cases.store.ts";
import { changesOf } from "./changing.rules.ts";
import * as life from "./life.rules.ts";
import { reminderAfter } from "./reminders.rules.ts";
import { sightOf } from "./scopes.ts";
import { searchWordsOf } from "./search.rules.ts";

/** A case that somebody sees, and what else they see. */
export interface Seen {
  kase: Case;
  visible: Filter;
}

/**
 * A case that the user sees, by id or number.
 * @throws 403 READ_ONLY where it may only be read (F125); 404 NOT_FOUND
 */
export async function seenBy(ctx: Caller & { meta: Meta }, idOrNumber: string): Promise<Seen> {
  const { readable, visible, shown } = await sightOf(ctx);
  const kase = shown(await store.get(idOrNumber, readable));
  if (kase.readOnly) throw readOnly("case", kase.id);
  return { kase, visible };
}

/** @throws 409 CASE_CLOSED; 412 STALE_VERSION where a version is given that is not the case's */
export function requireAsRead(kase: Case, version: number | undefined): void {
  life.requireOpen(kase);
  if (version !== undefined && kase.version !== version) throw stale("case", kase.id, kase.version);
}

/** Tells of a case that was changed, in the transaction that keeps it. */
export type Tell = (tx: Tx<"cases">, before: Case, after: Case) => void;

/**
 * Changes an open case that the user sees; what acts on a new one opens it (G01).
 * @param version what the user read, where two may edit
 * @param decide the case as it shall be, without its version; `current` itself where nothing changes.
 *   Runs in the transaction, where it may write and announce more; may run again.
 * @param tell what is announced, where that is not `cases.changed`
 * @throws 409 CASE_CLOSED; 412 STALE_VERSION; 404 where it is not visible any more
 */
export async function editSeen(
  ctx: Ctx,
  { kase, visible }: Seen,
  version: number | undefined,
  decide: Decide,
  tell: Tell = tellChanged,
): Promise<Case> {
  requireAsRead(kase, version);
  return write("cases", ctx, (tx) => editIn(tx, ctx, { kase, visible }, version, decide, tell));
}

type Decide = (current: Case, tx: Tx<"cases">, stamp: life.Stamp) => Case | Promise<Case>;

/** The same in a transaction of the caller's, whose answer is another than the case. */
export async function editIn(
  tx: Tx<"cases">,
  ctx: { meta: Meta },
  { kase, visible }: Seen,
  version: number | undefined,
  decide: Decide,
  tell: Tell = tellChanged,
): Promise<Case> {
  const current = await store.get(kase.id, visible, tx.session);
  requireAsRead(current, version);
  const stamp = { at: new Date(), by: actorOf(ctx).id };
  const decided = await decide(current, tx, stamp);
  if (decided === current) return current;
  const after = life.stamped(actedOnBy(ctx, decided), stamp);
  await keepEdited(tx, [{ before: current, after }]);
  tell(tx, current, after);
  return after;
}

/** What a business rule does opens no case: nobody has looked at it yet (G01). */
const actedOnBy = (ctx: { meta: Meta }, kase: Case): Case =>
  actorOf(ctx).kind === "rule" ? kase : life.actedOn(kase);

/** A case since it was read in this transaction. */
interface Edited {
  before: Case;
  after: Case;
}

/** Keeps what was changed of cases; whoever changed them tells of it. */
export async function keepEdited(tx: Tx<"cases">, edited: readonly Edited[]): Promise<void> {
  await store.edit(
    edited.map(({ before, after }) => ({
      ...{ before, after, searchWords: searchWordsOf(after) },
      ...reminderAfter(before, after),
    })),
    tx.session,
  );
}

/** The same, told as a change of each. */
export async function keepChanged(tx: Tx<"cases">, edited: readonly Edited[]): Promise<void> {
  await keepEdited(tx, edited);
  for (const { before, after } of edited) tellChanged(tx, before, after);
}

function tellChanged(tx: Tx<"cases">, before: Case, after: Case): void {
  const { id, version, campaignId, customerId } = after;
  tx.announce({
    event: "cases.changed",
    aggregate: { kind: "case", id, version },
    changes: changesOf(before, after),
    data: { id, campaignId, customerId },
  });
}
