/**
 * Forgets a call that was given up. Moleculer goes on waiting for its answer where any replica may
 * give it: such calls would keep a process from stopping, and become too many one day.
 */
import { Errors, type Context, type Middleware, type Service } from "moleculer";

interface Pending {
  reject: (error: Error) => void;
}
interface Transit {
  pendingRequests: Map<string, Pending>;
  removePendingRequest: (id: string) => void;
}

/** Later than the caller's own end of patience, which has its error and its log. */
const laterMs = 50;

export const givenUpCalls: Middleware = {
  name: "givenUpCalls",
  remoteAction(next, { name: action }) {
    return function (this: Service, ctx: Context): Promise<unknown> {
      const asked = next.call(this, ctx) as Promise<unknown>;
      const { timeout } = ctx.options;
      if (!timeout) return asked;
      const timer = setTimeout(() => {
        const transit = ctx.broker.transit as unknown as Transit;
        const pending = transit.pendingRequests.get(ctx.id);
        transit.removePendingRequest(ctx.id);
        pending?.reject(new Errors.RequestTimeoutError({ action: String(action), nodeID: "" }));
      }, timeout + laterMs);
      return asked.finally(() => {
        clearTimeout(timer);
      });
    };
  },
};
