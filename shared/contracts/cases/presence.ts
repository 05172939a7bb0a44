/** Who is in which case (F077-F079, D11, B13). */
import { actions } from "../../contract.ts";
import { id, list, oneOf, optional, record, whole } from "../../fields.ts";
import { enteredCases } from "../identity/agent-states.ts";
import { attendances } from "./watching.ts";

const event = { id, campaignId: id, sessionId: id, ...enteredCases };

/** @param entered the case as whoever entered it reads it */
export const presenceActions = <E extends Parameters<typeof record>[0]>(entered: E) =>
  actions({
    enter: {
      rest: "POST /cases/:id/enter",
      needs: "cases.read",
      status: 200,
      says: "Enters a case, which makes the user busy (F077); a closed one is only read.",
      params: { id },
      returns: record(entered),
    },
    exit: {
      rest: "POST /cases/:id/exit",
      needs: "cases.read",
      status: 204,
      says: "Leaves a case that was entered in this session (F079).",
      params: { id },
    },
    presence: {
      rest: "GET /cases/:id/presence",
      needs: "cases.read",
      says: "Who is in the case now, or has it before them, the first first, and who is writing (B13).",
      params: { id },
      returns: record({ items: attendances }),
    },
    /** How many cases that are not closed each of these users has, of these campaigns or of all. */
    workloadsOf: {
      params: { userIds: list(id, 200), campaignIds: optional(list(id, 1_000)) },
      returns: list(record({ userId: id, openCases: whole(0, 1_000_000_000) }), 200),
    },
  });

export const presenceEvents = {
  entered: event,
  left: { ...event, because: oneOf("exit", "closed", "disconnected") },
};
