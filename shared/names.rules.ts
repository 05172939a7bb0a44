/** Names that people give to things: how two of them are found to be the same. */

/** The name without accents, case and doubled spaces: for uniqueness, order and search. */
export const nameKey = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim();

/** A pattern that finds a part of a name by its `nameKey`; its special characters mean themselves. */
export const partOfName = (part: string): RegExp =>
  new RegExp(nameKey(part).replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"));
