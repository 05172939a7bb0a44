/** Text without what people leave out when they search: case, accents, punctuation. */

/** Lower case and without accents: "García" and "GARCIA" are the same. */
export const fold = (text: string): string =>
  text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** Folded, and only its letters and digits: "12.345.678-Z" and "12345678z" are the same. */
export const compact = (text: string): string => fold(text).replaceAll(/[^\p{L}\p{N}]/gu, "");

/** At most so many UTF-16 units, and never half a character. */
export const cut = (text: string, max: number): string =>
  text.slice(0, max).replace(/[\uD800-\uDBFF]$/u, "");
