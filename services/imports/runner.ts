/**
 * Drives imports on, step by step, until each is over (P6). What customers and cases make of a row
 * they make once, however often they are asked; so whatever is killed or away, an import goes on from
 * what it has kept.
 */
import type { Logger } from "moleculer";
import { system } from "#shared/actor.ts";
import type { Broker, Caller, Meta } from "#shared/bus.ts";
import type { Import } from "#shared/contracts/imports/import.ts";
import { isRefusal } from "#shared/errors.ts";
import { bells } from "#shared/events/bell.ts";
import { faultOf, type Lease } from "#shared/events/lease.ts";
import { isAbsence, isPassing } from "#shared/faults.ts";
import { write } from "#shared/mongo/write.ts";
import { workOff } from "#shared/jobs.ts";
import { campaignsOf } from "./campaigns.ts";
import { check } from "./checking.ts";
import * as rules from "./imports.rules.ts";
import * as store from "./imports.store.ts";
import { cancelRest } from "./rows.store.ts";
import { close, stopClosing } from "./closing.ts";
import { importSome } from "./importing.ts";
import type { KeptImport } from "./tables.store.ts";

/** What was begun in another replica is found this late. */
const sweepMs = 500;
const importsAtOnce = 10;
/** Until a neighbour that is away is asked again. */
const waitMs = 2_000;
/** What fails so often for no reason that we know is given up. */
const mostTries = 5;

const news = bells();

/** Tells the runner of this process, if it is the one at work, that there is an import. */
export const wakeImports = news.ring;

/** Works imports off while this replica holds the lease for it. */
export const startImports = (broker: Broker, logger: Logger): Lease =>
  workOff({
    ...{ service: "imports", role: "runner", logger, news, sweepMs },
    async round(held) {
      const due = await store.due(new Date(), importsAtOnce);
      for (const one of due) await step(broker, logger, one, held);
      return due.length;
    },
  });

async function step(
  broker: Broker,
  logger: Logger,
  one: KeptImport,
  held: AbortSignal,
): Promise<void> {
  try {
    await go(broker, one, held);
  } catch (error) {
    if (error instanceof store.Overtaken) return;
    const passes = isAbsence(error) || isPassing(error) || isBusy(error);
    logger.warn("An import goes on later", { id: one.id, ...faultOf(error) });
    if (!passes && one.tried >= mostTries) await fail(one, error).catch(() => undefined);
    else await later(one, { passes }).catch(() => undefined);
  }
}

/** Other jobs of the user have to end first. */
const isBusy = (error: unknown): boolean => isRefusal(error) && error.type === "TOO_MANY_JOBS";

const later = (one: KeptImport, { passes }: { passes: boolean }): Promise<void> =>
  store.advance(one, {
    dueAt: new Date(Date.now() + waitMs),
    tried: one.tried + (passes ? 0 : 1),
  });

async function go(broker: Broker, one: KeptImport, held: AbortSignal): Promise<void> {
  const caller = onBehalf(broker, one);
  if (one.cancelRequested) return cancel(caller, one);
  if (await isGone(caller, one)) {
    return finish(one, "failed", {
      fault: { code: "USER_GONE", detail: "Whoever began it may not import any more" },
    });
  }
  if (one.state === "checking") return check(caller, one, held);
  if (one.progress.phase === "closing") return close(onBehalf(broker, one, "close"), one);
  if (!(await importSome(caller, one))) return finish(one, "done");
}

/** Who is disabled, in another role or off the campaign has no more done in the former name. */
async function isGone(
  caller: Caller & { meta: Meta },
  { actor, campaignId }: KeptImport,
): Promise<boolean> {
  const [user] = await caller.call("identity.namesOf", { ids: [actor.id] });
  if (!user || user.disabled || user.role !== actor.role) return true;
  const own = await campaignsOf(caller);
  return own !== undefined && !own.includes(campaignId);
}

async function cancel(caller: Caller, one: KeptImport): Promise<void> {
  await stopClosing(caller, one);
  await cancelRest(one.id);
  await finish(one, "cancelled");
}

const fail = (one: KeptImport, error: unknown): Promise<void> => {
  const fault = isRefusal(error)
    ? rules.faultOf(error)
    : { code: "FAILED", detail: "It could not go on, and will be looked into" };
  return finish(one, "failed", { fault });
};

async function finish(
  one: KeptImport,
  state: Import["state"] & ("done" | "cancelled" | "failed"),
  more: Pick<Partial<KeptImport>, "fault"> = {},
): Promise<void> {
  const { id, campaignId, counts } = one;
  const version = one.version + 1;
  await write("imports", byUs, async (tx) => {
    const progress = { ...one.progress, phase: "over" as const };
    const over = { ...more, state, version, progress, finishedAt: new Date() };
    await store.advance(one, over, {
      session: tx.session,
      without: ["dueAt", "cancelRequested", "confirmationToken"],
    });
    tx.announce({
      event: "imports.finished",
      aggregate: { kind: "import", id, version },
      changes: [
        { field: "state", old: one.state, new: state },
        { field: "counts", new: counts },
      ],
      data: { id, campaignId, state, counts },
    });
  });
}

const byUs = { meta: { actor: system } };

/** Asks in the name of whoever began the import, which is the cause of what comes of it. */
function onBehalf(
  broker: Broker,
  { id, actor }: KeptImport,
  command?: string,
): Caller & { meta: Meta } {
  const meta = {
    ...{ actor, requestId: id },
    ...(command ? { commandId: `${id}:${command}` } : {}),
  };
  const call = (action: never, params: never, options: object = {}) =>
    broker.call(action, params, { ...options, meta });
  return { call: call as unknown as Caller["call"], meta };
}
