/** The tags of a case: which it has after a change, and how those of many are told (G03). Pure. */
import type { Case } from "#shared/contracts/cases.ts";
import { mostTags, type TagCount } from "#shared/contracts/cases/tags.ts";
import { invalidField } from "#shared/errors.ts";
import { nameKey } from "#shared/names.rules.ts";

/** Tags as a case carries them: each once, in order; undefined where there are none. */
export function tagsOf(tags: readonly string[] | null | undefined): string[] | undefined {
  const own = [...new Set(tags)].sort();
  return own.length > 0 ? own : undefined;
}

/**
 * A case with some tags more and others less; where it is so already, it is `current` itself.
 * @throws 422 VALIDATION_ERROR at `add`
 */
export function tagged(
  current: Case,
  { add, remove }: { add: readonly string[]; remove: readonly string[] },
): Case {
  const { tags: before = [], ...untagged } = current;
  const left = before.filter((tag) => !remove.includes(tag));
  const tags = tagsOf([...left, ...add]);
  if (String(tags ?? []) === String(before)) return current;
  if (tags && tags.length > mostTags) {
    throw invalidField("add", `a case has at most ${String(mostTags)} tags`, "tooMany");
  }
  return tags ? { ...untagged, tags } : untagged;
}

/** The tags that a case has and another lacks, as many as that one has room for. */
export function tagsLacking(has: Pick<Case, "tags">, lacks: Pick<Case, "tags">): string[] {
  const own = lacks.tags ?? [];
  const others = (has.tags ?? []).filter((tag) => !own.includes(tag));
  return others.slice(0, Math.max(0, mostTags - own.length));
}

/**
 * The most used of these tags, those as often used by the alphabet.
 * @param counted one tag may be there several times
 * @param q its beginning, whatever case and accents
 */
export function mostUsed(
  counted: readonly TagCount[],
  { q = "", limit }: { q?: string | undefined; limit: number },
): TagCount[] {
  const counts = new Map<string, number>();
  for (const { tag, count } of counted) counts.set(tag, (counts.get(tag) ?? 0) + count);
  return [...counts]
    .filter(([tag]) => nameKey(tag).startsWith(nameKey(q)))
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1))
    .slice(0, limit);
}
