/** Checks, in tests and in development, that an action answers what its contract promises. */
import type { Context, Middleware, Service } from "moleculer";
import type { Contract } from "../contract.ts";
import { contracts } from "../contracts/index.ts";
import type { Field } from "../fields.ts";
import { compileField } from "../validation.ts";

export const answers: Middleware = {
  name: "answers",
  localAction(next, action) {
    const [service = "", name = ""] = String(action.name).split(".");
    const returns = (contracts as Record<string, Contract>)[service]?.actions[name]?.returns;
    if (!returns) return next;

    return async function (this: Service, ctx: Context) {
      const answer: unknown = await next.call(this, ctx);
      const faults = checkOf(returns)(structuredClone(answer));
      if (faults.length === 0) return answer;
      throw new Error(`${String(action.name)} broke its contract: ${JSON.stringify(faults)}`);
    };
  },
};

type Check = ReturnType<typeof compileField>;

const checks = new WeakMap<Field<unknown>, Check>();

/** Compiled when first needed: all of them take longer than most tests. */
function checkOf(returns: Field<unknown>): Check {
  const check = checks.get(returns) ?? compileField(returns);
  checks.set(returns, check);
  return check;
}
