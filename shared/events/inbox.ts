/** The inbox: an event's id is kept in the transaction of its effect, so that twice is as once. */
import type { IndexDescription } from "mongodb";

/** Ids are kept longer than the stream and the outbox keep events. */
const keptDays = 30;

export const inboxTable: { name: string; indexes: IndexDescription[] } = {
  name: "inbox",
  indexes: [{ key: { at: 1 }, expireAfterSeconds: keptDays * 86_400 }],
};
