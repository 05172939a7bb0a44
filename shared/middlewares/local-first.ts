/**
 * Calls what lives in this process without the bus. Moleculer with `disableBalancer` sends even
 * those over NATS; an intake that runs gateway and channels together must work while NATS is down.
 */
import type { Context } from "moleculer";
import { aroundCalls } from "./around-calls.ts";

interface LocalEndpoint {
  action: { handler: (ctx: Context) => Promise<unknown> };
}
interface Endpoints {
  hasLocal(): boolean;
  nextLocal(): LocalEndpoint | null;
}

export const localFirst = aroundCalls(
  "localFirst",
  (broker, next) =>
    (name, params = {}, options = {}) => {
      const endpoints = broker.registry.getActionEndpoints(name) as unknown as Endpoints | null;
      const local = !options.nodeID && endpoints?.hasLocal() ? endpoints.nextLocal() : null;
      if (!local) return next(name, params, options);
      const ctx = broker.ContextFactory.create(broker, local as never, params, options);
      if (options.stream) ctx.stream = options.stream;
      return Object.assign(local.action.handler(ctx), { ctx });
    },
);
