/** How far messages come, kept and told in one transaction, whoever brings the news. */
import { system } from "#shared/actor.ts";
import type { Said } from "#shared/bus.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { describeChannels } from "./channels.store.ts";
import { toldOf } from "./delivery.rules.ts";
import * as store from "./delivery.store.ts";
import { interactionOf, isOnItsWay } from "./outgoing.store.ts";
import type { KeptInteraction } from "./tables.store.ts";

/** What all events of a sent message say of it. */
async function sentData(sent: Interaction): Promise<Said<"interactions.sent">> {
  const { id, channelId, campaignId, caseId = "", customerId = "" } = sent;
  const [channel] = await describeChannels([channelId]);
  return { id, channelId, channelType: channel?.type ?? "custom", campaignId, caseId, customerId };
}

const about = ({ id, caseId = id }: Interaction, before: Interaction["state"], after: string) => ({
  aggregate: { kind: "interaction", id, version: 1 },
  key: caseId,
  changes: [{ field: "state", old: before, new: after }],
});

/** Tells that a user has sent a message, or has a call made. */
export async function tellQueued(
  tx: Tx<"channels">,
  sent: Interaction,
  more: Pick<Said<"interactions.queued">, "kind" | "author">,
): Promise<void> {
  const { id, caseId = id, channelId, kind } = sent;
  tx.announce({
    event: "interactions.queued",
    aggregate: { kind: "interaction", id, version: 1 },
    key: caseId,
    changes: Object.entries({ direction: "outbound", kind, channelId, state: "queued" }).map(
      ([field, value]) => ({ field, new: value }),
    ),
    data: { ...(await sentData(sent)), ...more },
  });
}

/** Tells that a person has it sent once more. */
export async function tellResent(tx: Tx<"channels">, before: Interaction): Promise<void> {
  tx.announce({
    event: "interactions.resent",
    ...about(before, before.state, "queued"),
    data: await sentData(before),
  });
}

/** Keeps how far a message came, from where it goes no further by itself, and tells of it. */
export async function keepProgress(
  tx: Tx<"channels">,
  before: KeptInteraction,
  progress: Partial<KeptInteraction> & Pick<KeptInteraction, "state">,
): Promise<void> {
  await store.settle(before.id, progress, tx.session);
  const data = await sentData(before);
  const steps = about(before, before.state, progress.state);
  for (const step of toldOf(before.state, progress.state)) {
    if (step === "undelivered") {
      const state = progress.state === "failed" ? ("failed" as const) : ("uncertain" as const);
      tx.announce({ event: "interactions.undelivered", ...steps, data: { ...data, state } });
    } else tx.announce({ event: `interactions.${step}`, ...steps, data });
  }
}

/** What the system itself finds out, where that is still news when it is kept. */
export const settleBySystem = (
  interactionId: string,
  progress: Partial<KeptInteraction> & Pick<KeptInteraction, "state">,
  isDue: (tx: Tx<"channels">) => Promise<boolean>,
): Promise<void> =>
  write("channels", { meta: { actor: system } }, async (tx) => {
    if (!(await isDue(tx))) return;
    const before = await interactionOf(interactionId, tx.session);
    if (before) await keepProgress(tx, before, progress);
  });

const noWord = "Its connector took it again and again, and never told what became of it";

/** Ends the way of what connectors took too often without a word: a person has to look (P5). */
export async function endAbandoned(now: Date, limit: number): Promise<void> {
  for (const id of await store.abandoned(now, limit)) {
    await settleBySystem(id, { state: "uncertain", failure: noWord }, ({ session }) =>
      isOnItsWay(id, session),
    );
  }
}
