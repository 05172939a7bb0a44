/**
 * Middlewares around the broker's calls. Moleculer's own `call` hook hands a call that does not
 * reach `next` the context of an earlier one, whose meta (who asks!) would then be mixed into this
 * one's; here each call keeps its own.
 */
import type { CallingOptions, Middleware, ServiceBroker } from "moleculer";

export type Call = (name: string, params?: object, options?: CallingOptions) => Promise<unknown>;

/** A middleware that wraps `broker.call`. */
export const aroundCalls = (
  name: string,
  wrap: (broker: ServiceBroker, next: Call) => Call,
): Middleware => ({
  name,
  created(broker: ServiceBroker) {
    const plain = broker.call.bind(broker);
    const next: Call = (...call) => plain(...call);
    Object.assign(broker, { call: wrap(broker, next) });
  },
});
