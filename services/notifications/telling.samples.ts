/** What tests of notifications begin with: events of the neighbours, and cases that users may read. */
import type { ServiceSchema } from "moleculer";
import type { Broker, Payload } from "#shared/bus.ts";
import type { Notification } from "#shared/contracts/notifications.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable, type Announcement } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { write } from "#shared/mongo/write.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { until } from "#shared/testing/until.ts";
import notifications from "./notifications.service.ts";

const supervisor = as("supervisor");

/** Cases by their ids, with their numbers: those that everybody may read. */
export const readable = new Map<string, number>();

const cases = standIn("cases", {
  readable: ({ params: { ids } }) =>
    ids.flatMap((id) => {
      const number = readable.get(id);
      return number === undefined ? [] : [{ id, number, campaignId: "c1" }];
    }),
});

/** The service, with neighbours whose events reach it. */
export async function start(...others: ServiceSchema[]): Promise<Broker> {
  for (const service of ["cases", "identity"] as const) {
    await prepare(service, [outboxTable, inboxTable]);
  }
  const bus = await startBus(notifications, cases, ...others);
  const relays = [
    await startRelay("cases", testLogger()),
    await startRelay("identity", testLogger()),
  ];
  onTestFinished(async () => {
    for (const relay of relays) await relay.stop();
  });
  return bus;
}

type Handed = "cases.assigned" | "cases.transferred" | "cases.reminderDue";

/** Announces events of one case, as cases does; by a supervisor unless somebody else is named. */
export const tell = <E extends Handed>(event: E, data: Payload<E>, by = supervisor) =>
  write("cases", by, ({ announce }) => {
    const aggregate = { kind: "case", id: (data as unknown as { id: string }).id, version: 1 };
    announce({ event, aggregate, data } as unknown as Announcement<E>);
    return Promise.resolve();
  });

export const assigned = (
  assigneeId: string | null,
  more: Partial<Payload<"cases.assigned">> = {},
) => ({
  ...{ id: newId(), campaignId: "c1", assigneeId, previousAssigneeId: null },
  how: "route" as const,
  ...more,
});

export const transferred = (
  assigneeId: string | null,
  more: Partial<Payload<"cases.transferred">> = {},
) => ({
  ...{ id: newId(), campaignId: "c1", formerCampaignId: "c1", assigneeId },
  ...{ previousAssigneeId: null, to: "user" as const },
  ...more,
});

/** A user's disabling or enabling, as identity tells of it. */
export const change = (id: string, disabled: boolean, version: number) =>
  write("identity", supervisor, ({ announce }) => {
    const aggregate = { kind: "user", id, version };
    announce({ event: "identity.userChanged", aggregate, data: { id, role: "agent", disabled } });
    return Promise.resolve();
  });

/** What a user has been told, once there are so many. */
export const toldTo = (
  bus: Broker,
  user: ReturnType<typeof as>,
  count: number,
): Promise<Notification[]> =>
  until(async () => {
    const { items } = await bus.call("notifications.list", {}, user);
    return items.length >= count && items;
  });
