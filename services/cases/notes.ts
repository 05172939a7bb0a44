/** Notes on cases: adding, reading, changing, taking away (F182-F185, D04, D16). */
import { actorOf } from "#shared/actor.ts";
import type { Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Note } from "#shared/contracts/cases/notes.ts";
import { newId } from "#shared/ids.ts";
import { write, type Tx } from "#shared/mongo/write.ts";
import { userNames } from "#shared/neighbours.ts";
import { holdCase } from "./case-holds.store.ts";
import * as cases from "./cases.store.ts";
import { keepChanged, seenBy } from "./editing.ts";
import * as life from "./life.rules.ts";
import * as rules from "./notes.rules.ts";
import * as store from "./notes.store.ts";
import { scopesOf } from "./scopes.ts";

type Actions = Contracts["cases"]["actions"];
type Asked<A extends keyof Actions> = Ctx<Request<Actions[A]>>;

/** Each refuses a case that is not seen (404), or that is only read in another campaign (403 READ_ONLY). */
export const notes = {
  /**
   * Adds a note to a case, closed or not; to act on a new one opens it (G01).
   * @throws 409 TOO_MANY_NOTES, CONTENT_REMOVED; 422 at `text`
   */
  async addNote(ctx: Asked<"addNote">): Promise<Note> {
    const { id, ...said } = ctx.params;
    const { kase: seen, visible } = await seenBy(ctx, id);

    return write("cases", ctx, async (tx) => {
      const kase = await cases.get(seen.id, visible, tx.session);
      life.requireContent(kase);
      const stamp = stampOf(ctx);
      rules.requireRoom(await store.count(kase.id, rules.mostNotes, tx.session));
      const note = rules.written(newId(), { caseId: kase.id, ...said }, stamp);
      await store.insert(note, tx.session);
      await holdCase(kase.id, tx.session);
      await openActedOn(kase, stamp, tx);
      tell(tx, "cases.noteAdded", kase, undefined, note);
      return note;
    });
  },

  async listNotes(ctx: Asked<"listNotes">) {
    const { id, ...paging } = ctx.params;
    const { kase } = await seenBy(ctx, id);
    const page = await store.list(kase.id, paging);
    return { ...page, items: await named(ctx, page.items) };
  },

  async getNote(ctx: Asked<"getNote">) {
    const { kase } = await seenBy(ctx, ctx.params.id);
    const note = await store.get(kase.id, ctx.params.noteId);
    rules.requireThere(note);
    const [read] = await named(ctx, [note]);
    return read ?? note;
  },

  /** @throws 404 NOT_FOUND; 403 FORBIDDEN; 409 CONTENT_REMOVED; 412 STALE_VERSION; 422 at `text` */
  async changeNote(ctx: Asked<"changeNote">): Promise<Note> {
    const { id, noteId, version, ...said } = ctx.params;
    const { kase } = await seenBy(ctx, id);

    return write("cases", ctx, async (tx) => {
      const current = await store.get(kase.id, noteId, tx.session);
      const after = rules.changed(current, version, said, stampOf(ctx));
      if (after === current) return current;
      await store.replace(after, tx.session);
      tell(tx, "cases.noteChanged", kase, current, after);
      return after;
    });
  },

  /** @throws 404 NOT_FOUND; 403 FORBIDDEN */
  async deleteNote(ctx: Asked<"deleteNote">): Promise<void> {
    const { kase } = await seenBy(ctx, ctx.params.id);
    const isOver = await isOverCampaign(ctx, kase);

    await write("cases", ctx, async (tx) => {
      const current = await store.get(kase.id, ctx.params.noteId, tx.session);
      const after = rules.deleted(current, isOver, stampOf(ctx));
      if (after === current) return;
      await store.replace(after, tx.session);
      tell(tx, "cases.noteDeleted", kase, current, after);
    });
  },
};

const stampOf = (ctx: Ctx) => ({ at: new Date(), by: actorOf(ctx).id });

/** Whether they administrate, or supervise the campaign of the case. */
async function isOverCampaign(ctx: Ctx, { campaignId }: Case): Promise<boolean> {
  const { role } = actorOf(ctx);
  if (role !== "supervisor") return role === "administrator";
  return (await scopesOf(ctx)).some((scope) => scope.campaignId === campaignId);
}

async function openActedOn(kase: Case, stamp: life.Stamp, tx: Tx<"cases">): Promise<void> {
  const opened = life.actedOn(kase);
  if (opened === kase) return;
  await keepChanged(tx, [{ before: kase, after: life.stamped(opened, stamp) }]);
}

function tell(
  tx: Tx<"cases">,
  event: "cases.noteAdded" | "cases.noteChanged" | "cases.noteDeleted",
  { id: caseId, campaignId }: Case,
  before: Note | undefined,
  after: Note,
): void {
  const { id, version } = after;
  tx.announce({
    event,
    aggregate: { kind: "note", id, version },
    key: caseId,
    changes: rules.changesOf(before, after),
    data: { id, caseId, campaignId },
  });
}

/** With the names of those who wrote them. */
async function named(ctx: Ctx, items: Note[]): Promise<(Note & { createdByName?: string })[]> {
  const names = await userNames(
    ctx,
    items.map(({ createdBy }) => String(createdBy)),
  );
  return items.map((note) => {
    const createdByName = names.get(String(note.createdBy));
    return createdByName ? { ...note, createdByName } : note;
  });
}
