/** The management view of a case in one call (F073-F082): each part asked of who has it, in time. */
import { setTimeout as pause } from "node:timers/promises";
import { actorOf } from "#shared/actor.ts";
import type { Ctx } from "#shared/bus.ts";
import type { Permission } from "#shared/contracts/access.ts";
import type { ReadCase } from "#shared/contracts/cases.ts";
import type { PartName, Parts } from "#shared/contracts/cases/view.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { isRefusal, readOnly } from "#shared/errors.ts";
import { saidBy } from "#shared/faults.ts";
import { conversationOf } from "./conversation.ts";
import { scriptOf, tabsOf } from "./tabs.ts";
import { ofSurvivor } from "./variables.ts";

/** No part is waited for longer; what a part asks itself may take as long as ever. */
const longestMs = 2_000;
const bounded = { timeout: longestMs };
/** As much as a first page of a part has. */
const limit = 50;

type Ready<P extends PartName> = Omit<Extract<Parts[P], { state: "ready" }>, "state">;
type Absence = Extract<NonNullable<Parts[PartName]>, { state: "none" | "denied" | "unavailable" }>;

interface Part<P extends PartName> {
  needs: Permission;
  /** Nothing where the case has none. */
  ask: (ctx: Ctx, kase: ReadCase) => Promise<Ready<P>> | undefined;
}

/** Who is asked for each part; the owner decides what the user may see of it. */
const table: { readonly [P in PartName]: Part<P> } = {
  customer: {
    needs: "customers.read",
    ask: (ctx, { customerId }) =>
      ofSurvivor(customerId, (id) => ctx.call("customers.get", { id }, bounded)),
  },
  contactPoints: {
    needs: "customers.read",
    ask: (ctx, { customerId }) =>
      ofSurvivor(customerId, (id) => ctx.call("customers.listContactPoints", { id }, bounded)),
  },
  account: {
    needs: "customers.read",
    ask: (ctx, { customerId, accountId }) =>
      accountId === undefined
        ? undefined
        : ofSurvivor(customerId, (id) =>
            ctx.call("customers.getAccount", { id, accountId }, bounded),
          ),
  },
  conversation: {
    needs: "cases.read",
    ask: (ctx, kase) => conversationOf(ctx, kase, { limit }),
  },
  activities: {
    needs: "cases.read",
    ask: (ctx, { id }) => ctx.call("cases.listActivities", { id, limit }, bounded),
  },
  agenda: {
    needs: "cases.read",
    ask: (ctx, { id: caseId }) =>
      ctx.call("cases.listAgenda", { caseId, from: new Date(), limit }, bounded),
  },
  notes: {
    needs: "cases.note",
    ask: (ctx, kase) => ctx.call("cases.listNotes", { id: worked(kase).id, limit }, bounded),
  },
  attachments: {
    needs: "files.read",
    ask: (ctx, { id }) => ctx.call("files.listOfCase", { id, limit }, bounded),
  },
  script: { needs: "cases.read", ask: (ctx, kase) => scriptOf(ctx, worked(kase)) },
  tabs: { needs: "cases.read", ask: (ctx, kase) => tabsOf(ctx, worked(kase)) },
};

/** @throws 403 READ_ONLY: what guides work is for who works on the case (F125) */
function worked(kase: ReadCase): ReadCase {
  if (kase.readOnly) throw readOnly("case", kase.id);
  return kase;
}

/** A case with these parts of its view; a part that is not there says why, and spoils no other. */
export async function viewOf(
  ctx: Ctx,
  kase: ReadCase,
  names: readonly PartName[],
): Promise<ReadCase & Parts> {
  const parts = await Promise.all(
    [...new Set(names)].map(async (name) => [name, await partOf(ctx, kase, name)] as const),
  );
  return { ...kase, ...(Object.fromEntries(parts) as Parts) };
}

async function partOf<P extends PartName>(ctx: Ctx, kase: ReadCase, name: P): Promise<object> {
  const { needs, ask } = table[name];
  if (!mayAsk(actorOf(ctx), needs)) return absent("denied");
  try {
    // a part may refuse before it asks
    const asked = await inTime(Promise.resolve().then(() => ask(ctx, kase)));
    return asked === undefined ? absent("none") : { state: "ready", ...asked };
  } catch (error) {
    return absent(reasonOf(ctx, name, error));
  }
}

const absent = (state: Absence["state"]): Absence => ({ state });

const mayAsk = ({ kind, permissions }: Actor, needs: Permission): boolean =>
  kind === "system" || permissions.includes(needs);

class TooLate extends Error {}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = pause(longestMs, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new TooLate("no answer in time");
  });
  late.catch(() => undefined); // stopped, where the answer was first
  try {
    return await Promise.race([asked, late]);
  } finally {
    stop.abort();
  }
}

function reasonOf(ctx: Ctx, name: PartName, error: unknown): Absence["state"] {
  const code = isRefusal(error) ? error.code : 500;
  if (isRefusal(error) && error.type === "NOT_FOUND") return "none";
  if (code === 403) return "denied";
  if (code !== 503) ctx.broker.logger.warn(`the part ${name} of a view failed: ${saidBy(error)}`);
  return "unavailable";
}
