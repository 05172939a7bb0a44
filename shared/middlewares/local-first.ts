/**
 * Calls what lives in this process without the bus. Moleculer with `disableBalancer` sends even
 * those over NATS; an intake that runs gateway and channels together must work while NATS is down.
 */
import type { CallingOptions, Context, Middleware, ServiceBroker } from "moleculer";

interface LocalEndpoint {
  action: { handler: (ctx: Context) => Promise<unknown> };
}
interface Endpoints {
  hasLocal(): boolean;
  nextLocal(): LocalEndpoint | null;
}

export const localFirst: Middleware = {
  name: "localFirst",
  call(next: (...args: unknown[]) => Promise<unknown>) {
    const broker = this as unknown as ServiceBroker;
    return (name: string, params: unknown = {}, options: CallingOptions = {}) => {
      const endpoints = broker.registry.getActionEndpoints(name) as unknown as Endpoints | null;
      const local = !options.nodeID && endpoints?.hasLocal() ? endpoints.nextLocal() : null;
      if (!local) return next(name, params, options);
      const ctx = broker.ContextFactory.create(broker, local as never, params as object, options);
      return local.action.handler(ctx);
    };
  },
} as unknown as Middleware;
