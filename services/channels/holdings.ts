/** What channels keep about a customer, shown to it and erased with it, or with the time (B08). */
import type { Caller } from "#shared/bus.ts";
import { system } from "#shared/actor.ts";
import type { Subject } from "#shared/contracts/privacy.ts";
import { caseHolderOf, caseHolding } from "#shared/holdings.ts";
import { eraseInteractions, ofCases, ofPerson } from "./privacy.store.ts";
import type { KeptInteraction } from "./interactions.store.ts";
import type { Kept } from "#shared/mongo/store.ts";

type Row = Kept<KeptInteraction>;

export const holdings = caseHolderOf("channels", [
  caseHolding<Row>({
    kind: "interaction",
    stays:
      "case, channel, direction, state and times, for they count the traffic; the message's own id as a hash for 90 days, so that a repeat has no effect",
    page: ofPerson,
    show: ({
      _id,
      senderKey: _key,
      otherKeys: _keys,
      isNewCase: _case,
      isNewCustomer: _customer,
      ...shown
    }) => ({
      id: _id,
      ...shown,
    }),
    async erase(rows, subject, neighbours) {
      for (const row of rows) await adoptFiles(row, subject, neighbours);
      return eraseInteractions(rows, subject.customerIds[0]);
    },
    ofCases,
    empty: (rows) => eraseInteractions(rows),
  }),
]);

/** The files of a message that never got to its customer become the person's, and are erased so. */
async function adoptFiles(
  { _id, customerId, attachments }: Row,
  { customerIds: [owner] }: Subject,
  neighbours: Caller,
): Promise<void> {
  if (customerId || !owner || attachments.length === 0) return;
  const ids = attachments.map(({ id }) => id);
  const claim = { ids, ownerKind: "interaction", ownerId: _id, customerId: owner };
  await neighbours.call("files.claim", claim, { meta: { actor: system } });
}
