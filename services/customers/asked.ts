/** What the handlers of this service are asked, and the stamp of who asks. */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Meta, Request } from "#shared/bus.ts";
import type { Stamp } from "./customers.rules.ts";

type Actions = Contracts["customers"]["actions"];

/** The context of an action of this service. */
export type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

/** Who writes, and when. */
export const stamp = (ctx: { meta: Meta }): Stamp => ({ at: new Date(), by: actorOf(ctx).id });
