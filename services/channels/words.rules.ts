/** What a message says, as plain words. Pure. */
import type { Interaction } from "#shared/contracts/interactions.ts";

/** Its text, or its HTML without the tags, of which the first 20,000 characters count. */
export const wordsOf = ({ text, html = "" }: Pick<Interaction, "text" | "html">): string =>
  text ?? withoutTags(html);

const withoutTags = (html: string): string =>
  html
    .slice(0, 20_000)
    .replaceAll(/<(style|script)\b[^>]{0,500}>[^<]*(<\/\1>)?/gi, " ")
    .replaceAll(/<[^<>]*>/g, " ")
    .replaceAll("&nbsp;", " ");
