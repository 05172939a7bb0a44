/** A user's own notifications as they come: `GET /notifications/stream`. */
import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "#shared/bus.ts";
import { invalidField } from "#shared/errors.ts";
import { topicOfUser } from "#shared/hints.ts";
import type { Call, Door, LiveEvent } from "../door.ts";

const atOnce = 200;
/** Who missed more than this gets the rest with the next looks. */
const mostCalls = 5;

/** Where a listener is: how far it was told, and the count of unread ones that it knows. */
interface Place {
  after: number | undefined;
  unread: number | undefined;
}

/**
 * Begins after `Last-Event-ID`, or with what comes from now on; says first, and whenever it changes,
 * how many are unread. They are kept, so a break loses none, on whatever replica it goes on.
 */
export const streamNotifications: Door = ({ headers, actor }, _call, listen) => {
  const place: Place = { after: lastEventOf(headers), unread: undefined };
  return listen({
    topic: topicOfUser(actor?.id ?? ""),
    look: (call) => look(call, place),
  });
};

/** @throws 422 for what no event of ours was called */
function lastEventOf({ "last-event-id": sent }: IncomingHttpHeaders): number | undefined {
  if (sent === undefined || sent === "") return undefined;
  if (typeof sent === "string" && /^\d{1,9}$/.test(sent)) return Number(sent);
  throw invalidField("Last-Event-ID", "must be the id of an event of this stream");
}

async function look(call: Call, place: Place): Promise<LiveEvent[]> {
  const news: LiveEvent[] = [];
  for (let calls = 0; calls < mostCalls; calls += 1) {
    const { after } = place;
    const found: Answer<"notifications.since"> = await call("notifications.since", {
      limit: atOnce,
      ...(after === undefined ? {} : { after }),
    });
    news.push(...found.items.map(told), ...countOf(found, place));
    place.after = found.items.at(-1)?.seq ?? Math.min(after ?? found.last, found.last);
    if (found.items.length < atOnce) break;
  }
  return news;
}

const told = ({ seq, ...data }: Answer<"notifications.since">["items"][number]): LiveEvent => ({
  name: "notification",
  id: String(seq),
  data,
});

/** Carries a place as well, so that who was told nothing yet can go on from there. */
function countOf({ unread, last, items }: Answer<"notifications.since">, place: Place) {
  if (unread === place.unread) return [];
  place.unread = unread;
  const id = String(items.at(-1)?.seq ?? place.after ?? last);
  return [{ name: "unread", id, data: { count: unread } }];
}
