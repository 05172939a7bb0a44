/** The names of users, as identity knows them. */
import type { Answer, Caller } from "#shared/bus.ts";

type Named = Answer<"identity.namesOf">[number];

/** Those of these users who are known, by id; at most 500. */
export async function namesIn(
  ctx: Caller,
  ids: readonly (string | undefined)[],
): Promise<Map<string, Named>> {
  const unique = [...new Set(ids.filter((id) => id !== undefined))];
  if (unique.length === 0) return new Map();
  const known = await ctx.call("identity.namesOf", { ids: unique });
  return new Map(known.map((user) => [user.id, user]));
}
