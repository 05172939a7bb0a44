/** Calls made for a request: with what accompanies it, and within the time it has left. */
import type { CallingOptions, ServiceBroker } from "moleculer";
import type { Meta } from "#shared/bus.ts";
import { isAbsence } from "#shared/faults.ts";
import type { Exchange } from "./exchange.ts";

/** The least time that a call is given, however late it is. */
const leastMs = 50;

type PlainCall = (name: string, params?: object, options?: CallingOptions) => Promise<unknown>;

/**
 * The way to call for one request. Where the contract allows `retries`, another replica is asked
 * when one fails to answer, each for its share of the time that is left.
 */
export function callFor(
  broker: ServiceBroker,
  { route, deadline }: Pick<Exchange, "deadline"> & { route: { contract: { retries?: number } } },
  meta: Meta,
): PlainCall {
  const tries = 1 + (route.contract.retries ?? 0);
  const call = broker.call.bind<PlainCall>(broker);

  return async (name, params, options) => {
    for (let left = tries; ; left -= 1) {
      const timeout = Math.max(leastMs, Math.floor((deadline - performance.now()) / left));
      const all = { timeout, ...options, meta: { ...meta, ...options?.meta } };
      try {
        return await call(name, params, all);
      } catch (error) {
        if (left === 1 || !isAbsence(error)) throw error;
      }
    }
  };
}
