/** Cases follow what becomes of their accounts (F033, F034). */
import type { Broker } from "#shared/bus.ts";
import type { DomainEvent } from "#shared/events/event.ts";
import { write, type Cause } from "#shared/mongo/write.ts";
import { described } from "./accounts.ts";
import { copyNumber, learn, linkedTo, type KnownAccount } from "./accounts.store.ts";
import { relinked } from "./changing.rules.ts";
import { keepChanged } from "./editing.ts";
import { stamped } from "./life.rules.ts";

// All of this is outside the handed transaction: what is taken over is the latest, a batch at a
// time, and twice is as once.

/** Cases carry the number that their account has now (F034, F073). */
export async function followNumber(
  broker: Broker,
  event: DomainEvent<"customers.accountChanged">,
): Promise<void> {
  const found = await described(broker, event.data.id);
  // of one that is deleted meanwhile another event tells
  if (found) await copyNumber(await learned(found, causeOf(event)));
}

const batchSize = 100;

/**
 * A deleted account is unlinked from all its cases; where another takes its place, they go to that
 * one (F033).
 */
export async function unlink(
  broker: Broker,
  event: DomainEvent<"customers.accountDeleted">,
): Promise<void> {
  const { id, replacedById } = event.data;
  const cause = causeOf(event);
  await learned({ id, number: "", version: event.aggregate.version, isDeleted: true }, cause);
  const heir = replacedById ? await described(broker, replacedById) : undefined;
  for (;;) {
    if ((await relinkSome(id, heir, event, cause)) < batchSize) return;
  }
}

const relinkSome = (
  accountId: string,
  heir: KnownAccount | undefined,
  { actor, at }: DomainEvent,
  cause: Cause,
): Promise<number> =>
  write("cases", cause, async (tx) => {
    const account = heir && (await learn(knownOf(heir), tx.session));
    const linked = await linkedTo(accountId, batchSize, tx.session);
    const stamp = { at, by: actor.id };
    const edited = linked.map((before) => ({
      before,
      after: stamped(relinked(before, account), stamp),
    }));
    await keepChanged(tx, edited);
    return edited.length;
  });

const learned = (account: KnownAccount, cause: Cause): Promise<KnownAccount> =>
  write("cases", cause, (tx) => learn(knownOf(account), tx.session));

const knownOf = ({ id, number, version, isDeleted }: KnownAccount): KnownAccount => ({
  id,
  number,
  version,
  isDeleted,
});

/** On behalf of whom the event names, because of it. */
const causeOf = ({ id, actor }: DomainEvent): Cause => ({
  meta: { actor: { ...actor, permissions: [] }, requestId: id },
});
