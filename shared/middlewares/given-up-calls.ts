/**
 * Ends a call that was given up. Moleculer goes on counting it as under way, since any replica may
 * still answer it, and a process would wait for it in vain when it is to stop.
 */
import { Errors, type Context, type Middleware, type Service } from "moleculer";

/** Later than the caller's own end of patience, which has its error and its log. */
const laterMs = 50;

export const givenUpCalls: Middleware = {
  name: "givenUpCalls",
  remoteAction(next, { name: action }) {
    return async function (this: Service, ctx: Context): Promise<unknown> {
      const asked = next.call(this, ctx) as Promise<unknown>;
      const { timeout } = ctx.options;
      if (!timeout) return asked;
      const end = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        end.reject(new Errors.RequestTimeoutError({ action: String(action), nodeID: "" }));
      }, timeout + laterMs);
      return Promise.race([asked, end.promise]).finally(() => {
        clearTimeout(timer);
      });
    };
  },
};
