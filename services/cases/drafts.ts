/** Drafts of messages and activities: each user's own, on any machine (F161-F164, B12). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import { config } from "#shared/config.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Draft, DraftKind } from "#shared/contracts/cases/drafts.ts";
import { notFound, stale } from "#shared/errors.ts";
import type { Kept } from "#shared/mongo/store.ts";
import type { Tx } from "#shared/mongo/write.ts";
import * as rules from "./drafts.rules.ts";
import * as store from "./drafts.store.ts";
import { seenBy } from "./editing.ts";
import { requireOpen } from "./life.rules.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

const dayMs = 86_400_000;

/** Each refuses a case that is not seen (404), or that is only read in another campaign (403 READ_ONLY). */
export const drafts = {
  /** @throws 404 NOT_FOUND, also where there was one until it was sent or cleared */
  async getDraft(ctx: Asked<"getDraft">): Promise<Draft> {
    const there = await store.find(await placeOf(ctx), new Date());
    if (there?.content === undefined) throw notFound("draft", ctx.params.kind);
    return draftOf(there, there.content);
  },

  /** @throws 409 CASE_CLOSED, TOO_MANY_DRAFTS; 412 STALE_VERSION; 428 VERSION_NEEDED */
  async saveDraft(ctx: Asked<"saveDraft">): Promise<Draft> {
    const { content, version } = ctx.params;
    const place = await placeOf(ctx, requireOpen);
    const at = new Date();
    const said = { content, at, expiresAt: new Date(Number(at) + config().DRAFT_DAYS * dayMs) };
    const there = await store.find(place, at);
    rules.requireNext(there, version);
    if (!there) await requireRoom(place);
    const kept = there ? await store.replace(there, said) : await store.insert(place, said);
    if (!kept) throw stale("draft", place.kind, (there?.version ?? 0) + 1);
    return draftOf(kept, content);
  },

  async clearDraft(ctx: Asked<"clearDraft">): Promise<void> {
    await store.clear(await placeOf(ctx));
  },
};

/**
 * Clears what a user was writing, in the transaction in which that was sent or saved (F163, F164).
 * Clears nothing where there is none.
 */
export const clearDraft = (
  userId: string,
  caseId: string,
  kind: DraftKind,
  session: Tx<"cases">["session"],
): Promise<void> => store.clear({ userId, caseId, kind }, session);

/** @throws 403 READ_ONLY; 404 NOT_FOUND; what `check` refuses the case by */
async function placeOf(
  ctx: Ctx<{ id: string; kind: DraftKind }>,
  check: (kase: Case) => void = () => undefined,
): Promise<store.Place> {
  const { kase } = await seenBy(ctx, ctx.params.id);
  check(kase);
  return { userId: actorOf(ctx).id, caseId: kase.id, kind: ctx.params.kind };
}

async function requireRoom({ userId }: store.Place): Promise<void> {
  rules.requireRoom(await store.count(userId, rules.mostDrafts));
}

const draftOf = (
  { caseId, kind, version, createdAt, updatedAt, expiresAt }: Kept<store.KeptDraft>,
  content: string,
): Draft => ({ caseId, kind, content, version, createdAt, updatedAt, expiresAt });
