/** Who attends a case: taking it by hand, the queue of a campaign, the pending list (G07, D14, B10). */
import { actions } from "../../contract.ts";
import {
  id,
  instant,
  list,
  nullable,
  oneOf,
  optional,
  record,
  whole,
  type Shape,
} from "../../fields.ts";
import { page, paging } from "../common.ts";
import { transferEvents } from "./transferring.ts";

const waiting = { count: whole(0, 1_000_000_000), oldestAt: nullable(instant) };

/** @param kase the shape of a case */
export const routingActions = <S extends Shape>(kase: S) =>
  actions({
    take: {
      rest: "POST /cases/:id/take",
      needs: "cases.take",
      status: 200,
      says: "Takes a case that nobody has; of several who try one wins, and the others get 409 CASE_TAKEN naming who did (G07, B10).",
      params: { id },
      returns: record(kase),
    },
    listPending: {
      rest: "GET /cases/pending",
      needs: "cases.read",
      says: "The open cases assigned to the one who asks, by priority and then the oldest first (F120, F121, F123, D14).",
      params: { ...paging },
      returns: page(kase),
    },
    queue: {
      rest: "GET /campaigns/:id/queue",
      needs: "queues.read",
      says: "How many open cases of the campaign nobody has, by channel, and since when the oldest is there (G07).",
      params: { id },
      returns: record({
        campaignId: id,
        ...waiting,
        /** A channel is missing where cases were made by hand. */
        byChannel: list(record({ channelId: optional(id), ...waiting }), 500),
      }),
    },
  });

export const routingEvents = {
  /** By hand, by the strategy, as the customer's assigned user, or back to the queue. */
  assigned: {
    id,
    campaignId: id,
    assigneeId: nullable(id),
    previousAssigneeId: nullable(id),
    how: oneOf("take", "route", "owner", "release"),
  },
  ...transferEvents,
};
