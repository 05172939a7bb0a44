/** Handing a case on: to another user, another campaign or nobody (F083-F090), or upwards (G01). */
import { actions } from "../../contract.ts";
import {
  id,
  list,
  nullable,
  oneOf,
  optional,
  personal,
  record,
  says,
  text,
  yesNo,
  type Shape,
} from "../../fields.ts";
import { version } from "../common.ts";

/** Why a case was last handed on; written freely, so it may tell about a person. */
export const handoverReason = personal(text(500));

const named = { id, name: text(120) };

/** @param kase the shape of a case */
export const transferActions = <S extends Shape>(kase: S) =>
  actions({
    transfer: {
      rest: "POST /cases/:id/transfer",
      needs: "cases.transfer",
      status: 200,
      guarded: "checked",
      says: "Hands a case to a user, to another campaign, or to nobody, back into the queue (F083-F086, F089, F090).",
      params: {
        id,
        version: optional(version),
        assigneeId: says(
          "Who gets it: somebody of the campaign that it goes to. `null`: nobody, it waits there.",
          optional(nullable(id)),
        ),
        campaignId: says("Where it goes; without it, it stays where it is.", optional(id)),
        reason: optional(handoverReason),
      },
      returns: record(kase),
    },
    escalate: {
      rest: "POST /cases/:id/escalate",
      needs: "cases.transfer",
      status: 200,
      guarded: "checked",
      says: "Marks a case as escalated (G01).",
      params: { id, version: optional(version), reason: optional(handoverReason) },
      returns: record(kase),
    },
  });

export const transferTargetActions = actions({
  transferTargets: {
    rest: "GET /cases/:id/transfer-targets",
    needs: "cases.transfer",
    says: "Where a case can go: what its campaign allows, and who can get it in a campaign, its own unless another is named (F083, F084).",
    params: { id, campaignId: optional(id) },
    returns: record({
      campaignId: id,
      toUser: yesNo,
      toCampaign: yesNo,
      /** The first 500 by name; none where names cannot be asked for now. */
      users: list(record({ ...named, role: oneOf("supervisor", "agent") }), 500),
    }),
  },
});

export const transferEvents = {
  /** The reason stands on the case: personal values do not travel (P16). */
  transferred: {
    id,
    campaignId: id,
    formerCampaignId: id,
    assigneeId: nullable(id),
    previousAssigneeId: nullable(id),
    to: oneOf("user", "campaign", "nobody"),
  },
  escalated: { id, campaignId: id, assigneeId: nullable(id) },
};
