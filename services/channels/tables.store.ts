/** The collection of interactions, with an index for every way in which they are found. */
import { Interaction } from "#shared/contracts/interactions.ts";
import { list, optional, personal, text, yesNo, type Received } from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** An interaction as it is kept. */
export type KeptInteraction = Received<typeof KeptInteraction>;
export const KeptInteraction = {
  ...Interaction,
  isNewCase: optional(yesNo),
  isNewCustomer: optional(yesNo),
  /** The normal form of the sender's address, where the message got to no customer. */
  senderKey: optional(personal(text(700))),
  /** The normal forms of those that a message went to and that are none of its customer's (F150). */
  otherKeys: optional(personal(list(text(700), 20))),
};

/** The interactions of a customer, latest first; only what is in a case has a customer. */
export const customerIndex = "customer";

export const interactions = collection("channels", "interactions", KeptInteraction, [
  {
    key: { channelId: 1, externalId: 1 },
    unique: true,
    partialFilterExpression: { externalId: { $exists: true } },
  },
  {
    key: { caseId: 1, seq: 1 },
    unique: true,
    partialFilterExpression: { caseId: { $exists: true } },
  },
  { key: { state: 1, _id: 1 }, partialFilterExpression: { state: "received" } },
  {
    key: { customerId: 1, at: -1, _id: -1 },
    name: customerIndex,
    partialFilterExpression: { customerId: { $exists: true } },
  },
  {
    key: { senderKey: 1, at: -1, _id: -1 },
    partialFilterExpression: { senderKey: { $exists: true } },
  },
  {
    key: { otherKeys: 1, at: -1, _id: -1 },
    partialFilterExpression: { otherKeys: { $exists: true } },
  },
]);
