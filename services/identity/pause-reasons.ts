/** The actions on the reasons to pause that administrators configure (G19). */
import { system } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { changesBetween } from "#shared/changes.rules.ts";
import type { NewPauseReason, PauseReason } from "#shared/contracts/identity/pause-reasons.ts";
import { stale } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { isDuplicate } from "#shared/mongo/store.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import type { Chosen } from "./agent-states.rules.ts";
import * as rules from "./pause-reasons.rules.ts";
import * as store from "./pause-reasons.store.ts";
import type { Made } from "./users.rules.ts";
import { madeBy } from "./users.ts";

type Actions = Contracts["identity"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const pauseReasons = {
  async listPauseReasons(ctx: Asked<"listPauseReasons">) {
    return { items: await store.list(ctx.params.enabled) };
  },

  createPauseReason: (ctx: Asked<"createPauseReason">) =>
    write("identity", ctx, (tx) => add(tx, ctx.params, madeBy(ctx))),

  changePauseReason: (ctx: Asked<"changePauseReason">) =>
    write("identity", ctx, async (tx) => {
      const { id, version, ...patch } = ctx.params;
      const current = await store.get(id, tx.session);
      if (current.version !== version) throw stale("pause reason", id, current.version);
      const changed = rules.change(current, patch, madeBy(ctx));
      const changes = changesBetween(current, changed);
      if (changes.length === 0) return current;
      await store.replace(changed, tx.session);

      tx.announce({
        event: "identity.pauseReasonChanged",
        aggregate: { kind: "pauseReason", id, version: changed.version },
        changes,
        data: { id },
      });
      return changed;
    }),
};

async function add(tx: Tx<"identity">, draft: NewPauseReason, made: Made): Promise<PauseReason> {
  const created = rules.create(draft, { id: newId(), ...made });
  const { id, version } = created;
  await store.insert(created, tx.session);

  tx.announce({
    event: "identity.pauseReasonCreated",
    aggregate: { kind: "pauseReason", id, version },
    changes: changesBetween({}, created),
    data: { id },
  });
  return created;
}

/**
 * What a user may be by hand.
 * @throws 422 VALIDATION_ERROR at `reason`
 */
export async function chosenWith(
  wanted: { state: Chosen["state"]; reason?: string },
  { session }: Tx<"identity">,
): Promise<Chosen> {
  const found = wanted.reason ? await store.ofCode(wanted.reason, session) : undefined;
  return rules.chosenFor(wanted, found);
}

/** Makes the first reasons when there are none yet; of many replicas, one does. */
export async function makeFirstPauseReasons(): Promise<void> {
  if (await store.isThereAny()) return;
  const made = { at: new Date(), by: system.id };
  await write("identity", { meta: {} }, async (tx) => {
    for (const draft of rules.firstSet) await add(tx, draft, made);
  }).catch((error: unknown) => {
    const others = (error as { type?: string }).type === "PAUSE_REASON_EXISTS";
    if (!others && !isDuplicate(error)) throw error;
  });
}
