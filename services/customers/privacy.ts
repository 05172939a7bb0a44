/** The actions on a person's own rights: to get all that is kept, and to be erased (B08). */
import { actorOf } from "#shared/actor.ts";
import type { LegalHold } from "#shared/contracts/customers/privacy.ts";
import { conflict, notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write } from "#shared/mongo/write.ts";
import { stamp, type Asked } from "./asked.ts";
import * as store from "./customers.store.ts";
import * as rules from "./erasures.rules.ts";
import * as erasures from "./erasures.store.ts";
import { stays } from "./holdings.ts";
import * as held from "./privacy.store.ts";

export const privacy = {
  /**
   * Takes the customer away, and begins to erase what others keep.
   * @throws 404 NOT_FOUND; 422 at `confirm`; 409 LEGAL_HOLD, 409 ERASURE_RUNNING with `existingId`
   */
  erase: (ctx: Asked<"erase">) =>
    write("customers", ctx, async (tx) => {
      const { id: customerId, reason, confirm } = ctx.params;
      const going = await erasures.underWay(customerId, tx.session);
      if (going) {
        const existingId = going.id;
        throw conflict("ERASURE_RUNNING", "The customer is being erased already", { existingId });
      }
      const customer = await store.get(customerId, tx.session);
      rules.requireConfirmed(confirm, customer);
      const subject = await held.subjectOf(customerId, tx.session);
      await requireNoHold(subject.customerIds, tx.session);

      const { at, by } = stamp(ctx);
      const id = newId();
      const left = await held.takeAway(subject, { erasureId: id, at }, tx.session);
      await erasures.begin(
        {
          id,
          customerId,
          state: "running",
          reason,
          requestedBy: by,
          createdAt: at,
          updatedAt: at,
          report: reportOf(left),
          subject,
          progress: rules.begun(at),
          turn: 0,
        },
        left,
        tx.session,
      );

      tx.announce({
        event: "customers.erased",
        aggregate: { kind: "customer", id: customerId, version: customer.version + 1 },
        data: { id: customerId, erasureId: id },
      });
      return { id, state: "running" as const };
    }),

  getErasure: (ctx: Asked<"getErasure">) => erasures.get(ctx.params.id),

  listErasures: (ctx: Asked<"listErasures">) => erasures.list(ctx.params),

  /** Notes in the change log that somebody takes a person's data away. */
  openPersonalData: (ctx: Asked<"openPersonalData">) =>
    write("customers", { meta: withoutCommand(ctx.meta) }, async (tx) => {
      const { id } = ctx.params;
      const { version } = await store.get(id, tx.session);
      tx.announce({
        event: "customers.personalDataExported",
        aggregate: { kind: "customer", id, version },
        data: { id },
      });
      return held.subjectOf(id, tx.session);
    }),
};

export const legalHolds = {
  /**
   * Forbids to erase a customer, also one whose erasure is under way.
   * @throws 404 NOT_FOUND
   */
  setLegalHold: (ctx: Asked<"setLegalHold">) =>
    write("customers", ctx, async (tx) => {
      const { id: customerId, reason } = ctx.params;
      const { at, by } = stamp(ctx);
      const before = await held.heldAmong([customerId], tx.session);
      if (before?.reason === reason) return before;
      const version = await touched(customerId, { at, by }, tx.session);
      const hold: LegalHold = { customerId, reason, createdAt: at, createdBy: by };
      await held.keepHold(hold, tx.session);

      tx.announce({
        event: "customers.legalHoldSet",
        aggregate: { kind: "customer", id: customerId, version },
        changes: [{ field: "legalHold", old: before?.reason ?? null, new: reason }],
        data: { id: customerId },
      });
      return hold;
    }),

  async getLegalHold(ctx: Asked<"getLegalHold">): Promise<LegalHold> {
    const hold = await held.heldAmong([ctx.params.id]);
    if (!hold) throw notFound("legal hold", ctx.params.id);
    return hold;
  },

  underLegalHold: (ctx: Asked<"underLegalHold">): Promise<string[]> => held.heldOf(ctx.params.ids),

  /** @throws 404 NOT_FOUND */
  liftLegalHold: (ctx: Asked<"liftLegalHold">) =>
    write("customers", ctx, async (tx) => {
      const { id: customerId } = ctx.params;
      const { reason } = await held.removeHold(customerId, tx.session);
      const version = await touched(customerId, stamp(ctx), tx.session);

      tx.announce({
        event: "customers.legalHoldLifted",
        aggregate: { kind: "customer", id: customerId, version },
        changes: [{ field: "legalHold", old: reason, new: null }],
        data: { id: customerId },
      });
    }),
};

type Session = Parameters<typeof held.keepHold>[1];

async function requireNoHold(customerIds: string[], session: Session): Promise<void> {
  const hold = await held.heldAmong(customerIds, session);
  if (!hold) return;
  const { customerId, createdAt } = hold;
  throw conflict("LEGAL_HOLD", "A legal hold forbids to erase this customer", {
    customerId,
    createdAt,
  });
}

/**
 * The version of a customer after a change beside it; that of one that is being erased stays.
 * @throws 404 NOT_FOUND
 */
async function touched(
  customerId: string,
  stamped: { at: Date; by: string },
  session: Session,
): Promise<number> {
  const version = await held.touch(customerId, stamped, session);
  if (version !== undefined) return version;
  if (!(await erasures.underWay(customerId, session))) throw notFound("customer", customerId);
  return 1;
}

/** What the beginning of an erasure has done already; how many there were is counted as it goes. */
const reportOf = (left: readonly erasures.Tombstone[]) =>
  (["customer", "blockedAddress"] as const).flatMap((kind) => {
    const gone = left.filter(({ of }) => of === kind).length;
    return gone > 0
      ? [{ service: "customers", kind, found: 0, erased: gone, stays: stays[kind] }]
      : [];
  });

const withoutCommand = ({
  commandId: _one,
  ...meta
}: Parameters<typeof actorOf>[0]["meta"] & { commandId?: string }) => meta;
