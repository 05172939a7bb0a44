/** Customers: the persons and companies our cases are about, and how they are reached. */
import { contract } from "../contract.ts";
import { id, list, optional, personal, record, text, yesNo } from "../fields.ts";
import {
  blockListActions,
  contactPointActions,
  contactPointEvents,
} from "./customers/contact-points.ts";
import { Resolved, Sender } from "./customers/customer.ts";
import { listActions, listDoors } from "./customers/lists.ts";
import { profileActions, profileEvents } from "./customers/profile.ts";

export const customers = contract({
  actions: {
    ...profileActions,
    ...listActions,
    ...contactPointActions,
    ...blockListActions,
    /** Finds or makes the customer of each sender, in order; a burst of one sender makes one. */
    resolve: {
      params: { senders: list(record(Sender), 500) },
      returns: list(record(Resolved), 500),
    },
    /** Several customers at once, for copies kept elsewhere; unknown ids are left out. */
    describe: {
      params: { ids: list(id, 500) },
      returns: list(
        record({
          id,
          name: personal(text(400, 0)),
          document: optional(personal(text(110))),
          /** Only where it is: gets messages and cases of them, but none by hand (G18). */
          disabled: optional(yesNo),
        }),
        500,
      ),
    },
  },
  doors: { ...listDoors },
  events: {
    ...profileEvents,
    ...contactPointEvents,
  },
});
