/**
 * Sends all of a stream to one node. With `disableBalancer` each packet of a call that carries a
 * stream goes through NATS's queue group on its own, so that replicas would share out its chunks.
 */
import { aroundCalls } from "./around-calls.ts";

interface Endpoints {
  hasLocal(): boolean;
  next(ctx: null): { id: string } | null;
}

export const wholeStreams = aroundCalls(
  "wholeStreams",
  (broker, next) =>
    (name, params, options = {}) => {
      if (!options.stream || options.nodeID) return next(name, params, options);
      const endpoints = broker.registry.getActionEndpoints(name) as unknown as Endpoints | null;
      const node = endpoints?.hasLocal() ? null : endpoints?.next(null);
      return next(name, params, node ? { ...options, nodeID: node.id } : options);
    },
);
