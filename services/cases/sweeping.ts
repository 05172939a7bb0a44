/** The open cases of a campaign, for business rules that wait for time to pass (G10). */
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import * as store from "./sweeping.store.ts";

export const sweeping = {
  openOf: (ctx: Ctx<Request<Contracts["cases"]["actions"]["openOf"]>>) => store.openOf(ctx.params),
};
