/** The conversation of a case, whole at every moment (F138-F140, F143, P7). */
import type { Answer, Caller, Contracts, Ctx, Request } from "#shared/bus.ts";
import type { Case } from "#shared/contracts/cases.ts";
import { notOfThisList } from "#shared/cursor.ts";
import * as store from "./cases.store.ts";
import { joiningOf } from "./merges.store.ts";
import { sightOf } from "./scopes.ts";

type Asked = Request<Contracts["cases"]["actions"]["conversation"]>;
type Paging = Omit<Asked, "id">;

export const conversation = {
  /** @throws 404 NOT_FOUND; 308 MOVED; 422 at `cursor`, also where a merge has reordered the pages */
  async conversation(ctx: Ctx<Asked>) {
    const { id, ...paging } = ctx.params;
    const { readable } = await sightOf(ctx);

    return conversationOf(ctx, await store.get(id, readable), paging);
  },
};

/**
 * A page of the interactions of a case that the user may read. While another case is being merged
 * into it, channels puts the two together as it reads.
 */
export async function conversationOf(
  caller: Caller,
  { id: caseId, absorbed = [] }: Pick<Case, "id" | "absorbed">,
  { cursor, ...paging }: Paging,
): Promise<Answer<"channels.conversation">> {
  const joining = absorbed.length > 0 ? await joiningOf(caseId) : undefined;
  const page = await caller.call("channels.conversation", {
    caseId,
    ...paging,
    ...(cursor === undefined ? {} : { cursor: unmarked(cursor, absorbed.length) }),
    ...(joining ? { joining } : {}),
  });
  return { ...page, nextCursor: page.nextCursor && marked(page.nextCursor, absorbed.length) };
}

// A merge gives interactions other numbers. A cursor says how many there were when it was handed out,
// so that nobody goes on in the middle of another order.

const marked = (cursor: string, merges: number): string =>
  merges === 0 ? cursor : `m${String(merges)}-${cursor}`;

function unmarked(cursor: string, merges: number): string {
  const [, mark = "0", rest = ""] = /^(?:m(\d{1,3})-)?(.+)$/.exec(cursor) ?? [];
  if (Number(mark) !== merges) throw notOfThisList();
  return rest;
}
