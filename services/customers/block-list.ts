/** The actions on the platform's block list: whose messages make neither customer nor case. */
import { invalidField } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import type { Asked } from "./asked.ts";
import * as store from "./block-list.store.ts";
import type { KeptBlocked } from "./tables.store.ts";
import { readAddress } from "#shared/contact-points.rules.ts";

/**
 * Blocks an address, whatever way it is written (F025).
 * @throws 422 at `value`, 409 ALREADY_BLOCKED with `existingId`
 */
export function block(ctx: Asked<"block">): Promise<store.Blocked> {
  return write("customers", ctx, (tx) => {
    const { type, reason } = ctx.params;
    const address = readAddress(ctx.params);
    if ("fault" in address) throw invalidField("value", address.fault, "contactPoint");
    const { key = "", value } = address;
    return keepBlocked(tx, { type, value, key, reason });
  });
}

/**
 * Takes an address off the block list (F025).
 * @throws 404 NOT_FOUND
 */
export function unblock(ctx: Asked<"unblock">): Promise<void> {
  return write("customers", ctx, async (tx) => {
    letGo(tx, await store.remove(ctx.params.id, tx.session));
  });
}

type Address = Pick<KeptBlocked, "type" | "value" | "key">;

/**
 * Puts an address that was read on the list, and tells of it.
 * @throws 409 ALREADY_BLOCKED with `existingId`
 */
export async function keepBlocked(
  tx: Tx<"customers">,
  { type, value, key, reason }: Address & { reason?: string | undefined },
): Promise<store.Blocked> {
  const id = newId();
  const entry = { id, key, type, value, ...(reason ? { reason } : {}), createdAt: new Date() };
  const blocked = await store.insert(entry, tx.session);

  tx.announce({
    event: "customers.blocked",
    aggregate: { kind: "blockedAddress", id, version: 1 },
    changes: [
      { field: "address", old: null, new: { type, value } },
      ...(reason ? [{ field: "reason", old: null, new: reason }] : []),
    ],
    data: { id },
  });
  return blocked;
}

/** Tells that an address was taken off the list. */
export function letGo(tx: Tx<"customers">, { id, type, value }: store.Blocked): void {
  tx.announce({
    event: "customers.unblocked",
    aggregate: { kind: "blockedAddress", id, version: 2 },
    changes: [{ field: "address", old: { type, value }, new: null }],
    data: { id },
  });
}
