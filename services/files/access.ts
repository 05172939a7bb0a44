/** Who comes near a file: whoever may read its case (G04, F125, B09). */
import { actorOf } from "#shared/actor.ts";
import type { Answer, Ctx } from "#shared/bus.ts";
import { isRefusal, notFound } from "#shared/errors.ts";
import type { KeptFile } from "./files.store.ts";

/**
 * What the user who asks may do with the file's case; undefined for a file of no case, which is for
 * administrators.
 * @throws 404 NOT_FOUND, as for a file that is not there
 */
export async function requireReadable(
  ctx: Ctx,
  { id, caseId }: KeptFile,
): Promise<Answer<"cases.access"> | undefined> {
  if (!caseId) {
    if (actorOf(ctx).role === "administrator") return undefined;
    throw notFound("file", id);
  }
  try {
    return await ctx.call("cases.access", { id: caseId });
  } catch (error) {
    // A service that is away is a 404 too, by its code.
    throw isRefusal(error) && error.type === "NOT_FOUND" ? notFound("file", id) : error;
  }
}
