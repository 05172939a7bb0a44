/** The actions on imports: read, changed, run and cancelled (F213-F224, D15). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Meta, Request } from "#shared/bus.ts";
import { platformFieldNames, platformFields } from "#shared/contracts/imports/fields.ts";
import {
  importBytes,
  importColumns,
  importRows,
  type Import,
} from "#shared/contracts/imports/import.ts";
import { stale } from "#shared/errors.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { campaignsOf } from "./campaigns.ts";
import * as rules from "./imports.rules.ts";
import * as store from "./imports.store.ts";
import { requireMapping } from "./mapping.rules.ts";
import * as rowStore from "./rows.store.ts";
import { wakeImports } from "./runner.ts";
import type { KeptImport } from "./tables.store.ts";

type Actions = Contracts["imports"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

export const imports = {
  async list(ctx: Asked<"list">) {
    const { campaignId, ...paging } = ctx.params;
    const own = await campaignsOf(ctx);
    const wanted =
      campaignId === undefined ? own : [campaignId].filter((id) => !own || own.includes(id));

    return store.list(wanted, paging);
  },

  listFields: () => ({
    items: platformFieldNames.map((field) => {
      const { en, es, ...more } = platformFields[field];
      const advice = "advice" in more ? { advice: more.advice } : {};
      return { field, heading: { en, es }, required: "required" in more, ...advice };
    }),
    limits: { bytes: importBytes, rows: importRows, columns: importColumns },
  }),

  get: async (ctx: Asked<"get">) =>
    store.shown(await store.get(ctx.params.id, await campaignsOf(ctx))),

  /** @throws 404 · 409 IMPORT_NOT_CHECKED · 412 · 422 at `mapping` */
  async change(ctx: Asked<"change">) {
    const { id, version, options = {}, ...others } = ctx.params;
    const own = await campaignsOf(ctx);

    return wake(
      write("imports", ctx, async (tx) => {
        const current = await store.get(id, own, tx.session);
        if (version !== undefined && version !== current.version) {
          throw stale("import", id, current.version);
        }
        rules.requireNotCancelled(current);
        const wanted = rules.merged(rules.merged(current.options, options), others);
        rules.requireSensible(wanted);
        requireMapping(current.headings, wanted);
        const after = rules.changed(store.shown(current), wanted, stampOf(ctx));
        await keep(tx, current, after);

        const changes = [{ field: "options", old: current.options, new: wanted }];
        tell(tx, "imports.optionsChanged", after, changes);
        return after;
      }),
    );
  },

  /** @throws 404 · 409 IMPORT_NOT_CHECKED, CONFIRMATION_NEEDED, TOO_MANY_IMPORTS */
  async run(ctx: Asked<"run">) {
    const { id, confirmationToken } = ctx.params;
    const own = await campaignsOf(ctx);

    return wake(
      write("imports", ctx, async (tx) => {
        const current = await store.get(id, own, tx.session);
        rules.requireNotCancelled(current);
        const actor = actorOf(ctx);
        const after = rules.started(store.shown(current), confirmationToken, stampOf(ctx));
        rules.requireRoom(await store.unfinishedOf(actor.id, tx.session));
        await keep(tx, current, after, { actor });

        tell(tx, "imports.started", after, [
          { field: "state", old: current.state, new: after.state },
        ]);
        return after;
      }),
    );
  },

  /** One that is over stays as it is. */
  async cancel(ctx: Asked<"cancel">) {
    const { id } = ctx.params;
    const own = await campaignsOf(ctx);
    await store.get(id, own);
    await store.askToCancel(id);
    wakeImports();
    return store.shown(await store.get(id, own));
  },

  async listRows(ctx: Asked<"listRows">) {
    const { id, outcome, ...paging } = ctx.params;
    await store.get(id, await campaignsOf(ctx));

    return rowStore.list(id, outcome, paging);
  },

  async rejects(ctx: Asked<"rejects">) {
    const { id, cursor } = ctx.params;
    await store.get(id, await campaignsOf(ctx));

    return rowStore.listRejected(id, { limit: rejectsAtOnce, cursor });
  },
};

/** Each may have 30,000 characters. */
const rejectsAtOnce = 50;

const stampOf = (ctx: { meta: Meta }) => ({ at: new Date(), by: actorOf(ctx).id });

async function wake(changing: Promise<Import>): Promise<Import> {
  const one = await changing;
  wakeImports();
  return one;
}

/** What of an import may be there before and not after. */
const passing = ["confirmationToken", "fault", "checkedAt", "dryRun"] as const;

async function keep(
  { session }: Tx<"imports">,
  current: KeptImport,
  after: Import,
  more: Partial<Pick<KeptImport, "actor">> = {},
): Promise<void> {
  const { id: _id, ...changes } = after;
  const without = passing.filter((name) => after[name] === undefined);
  await store.advance(
    current,
    { ...changes, ...more, dueAt: new Date(), tried: 0 },
    { session, without },
  );
}

function tell(
  tx: Tx<"imports">,
  event: "imports.optionsChanged" | "imports.started",
  { id, campaignId, version }: Import,
  changes: { field: string; old?: unknown; new?: unknown }[],
): void {
  tx.announce({
    event,
    aggregate: { kind: "import", id, version },
    changes,
    data: { id, campaignId },
  });
}
