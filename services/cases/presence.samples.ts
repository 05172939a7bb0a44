/** What tests of entering and leaving begin with: people at work in sessions, and cases to be in. */
import type { ServiceSchema } from "moleculer";
import type { Meta, Payload } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";
import { aScope, neighbours } from "./creation.samples.ts";

type Who = { meta: Meta };

/** Somebody at work in a session. */
export const present = (role: "agent" | "supervisor" | "administrator" = "agent") =>
  as(role, { sessionId: newId() });
export const idOf = (who: Who) => String(who.meta.actor?.id);
export const sessionOf = (who: Who) => String(who.meta.actor?.sessionId);

/** The cases service, whose support campaign everybody works in, seeing all of it. */
export async function start(more: { scope?: object; others?: ServiceSchema[] } = {}) {
  const scope = { ...aScope("support"), agentsSeeAllCases: true, ...more.scope };
  const { campaigns } = neighbours({ scopes: [scope] });
  const bus = await startBus(cases, standIn("campaigns", campaigns), ...(more.others ?? []));
  const aKept = async (said: Partial<Case> = {}) => {
    const kase = aCase({ campaignId: "support", ...said });
    await keep(kase);
    return kase;
  };
  const enter = (id: string, who: Who) => bus.call("cases.enter", { id }, who);
  const exit = (id: string, who: Who) => bus.call("cases.exit", { id }, who);
  const inside = async (id: string, who: Who) =>
    (await bus.call("cases.presence", { id }, who)).items.map(({ userId }) => userId);
  return { bus, aKept, enter, exit, inside };
}

export const told = async <E extends "cases.entered" | "cases.left">(event: E, who: Who) =>
  (await announced("cases", event)).filter(
    ({ data }) => (data as Payload<"cases.entered">).userId === idOf(who),
  );

/** Announces, as identity does, that a session is gone; nobody hears of it yet. */
export async function announceGone(who: Who): Promise<void> {
  await prepare("identity", [outboxTable, inboxTable, commandsTable]);
  await write("identity", { meta: {} }, (tx) => {
    tx.announce({
      event: "identity.disconnected",
      aggregate: { kind: "session", id: sessionOf(who), version: 1 },
      key: idOf(who),
      data: { userId: idOf(who), sessionId: sessionOf(who) },
    });
    return Promise.resolve();
  });
}

/** Lets what identity has announced, and announces later, be heard. */
export async function relayGone(): Promise<() => Promise<void>> {
  await prepare("identity", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("identity", testLogger());
  onTestFinished(() => relay.stop());
  return () => takenIn("cases", "identity.disconnected");
}
