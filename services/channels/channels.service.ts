/** Channels: how customers reach the company, the inbound record and the interactions. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import { configuration } from "./configuration.ts";
import { holdings } from "./holdings.ts";
import { ofCustomer } from "./of-customer.ts";
import { markDeleted } from "./of-customer.store.ts";
import { reading } from "./reading.ts";
import { receiving } from "./receiving.ts";

export default implement("channels", {
  actions: {
    ...configuration,
    ...reading,
    ...announcer("channels"),
    ...holdings,
    ...ofCustomer,
    receive: (ctx) => receiving.receive(ctx),
    receiveMany: (ctx) => receiving.receiveMany(ctx),
  },
  events: {
    /** The conversation says that an attachment was deleted, when and by whom (D16). */
    async "files.deleted"({ data: { id, ownerKind, ownerId }, actor, at }, { session }) {
      if (ownerKind !== "interaction" || !ownerId) return;
      await markDeleted(ownerId, { id, deletedAt: at, deletedBy: actor.id }, session);
    },
  },
  started() {
    receiving.start(this.broker as unknown as Broker);
  },
  stopped: () => receiving.stop(),
});
