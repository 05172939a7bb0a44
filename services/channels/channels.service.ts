/** Channels: how customers reach the company, the inbound record and the interactions. */
import type { Broker } from "#shared/bus.ts";
import { announcer } from "#shared/events/personal-changes.ts";
import { implement } from "#shared/service.ts";
import { configuration } from "./configuration.ts";
import { holdings } from "./holdings.ts";
import { reading } from "./reading.ts";
import { receiving } from "./receiving.ts";

export default implement("channels", {
  actions: {
    ...configuration,
    ...reading,
    ...announcer("channels"),
    ...holdings,
    receive: (ctx) => receiving.receive(ctx),
    receiveMany: (ctx) => receiving.receiveMany(ctx),
  },
  started() {
    receiving.start(this.broker as unknown as Broker);
  },
  stopped: () => receiving.stop(),
});
