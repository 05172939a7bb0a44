/** Variables in what administrators write, such as `{{customer.name}}`: one list for all. Pure. */

/** What a text may speak of; everything else is refused when the text is kept. */
export const variables = [
  "customer.id",
  "customer.name",
  "customer.firstName",
  "customer.lastName",
  "customer.businessName",
  "customer.documentType",
  "customer.documentNumber",
  "customer.email",
  "customer.phone",
  "case.id",
  "case.number",
  "case.subject",
  "case.description",
  "case.status",
  "case.priority",
  "case.type",
  "account.number",
  "campaign.id",
  "campaign.name",
  "user.id",
  "user.name",
] as const;

const known: ReadonlySet<string> = new Set(variables);

/** What is wrong with the variables of a text, if anything. Never repeats what was written. */
export function variablesFault(text: string): string | undefined {
  const [, ...opened] = text.split("{{");
  for (const part of opened) {
    const end = part.indexOf("}}");
    if (end < 0) return "has a variable that does not end with }}";
    if (!known.has(part.slice(0, end).trim())) return "has an unknown variable";
  }
  return undefined;
}

/** The text with the same words in place of every variable. */
export const withWords = (text: string, words: string): string =>
  text
    .split("{{")
    .map((part, place) => (place === 0 ? part : words + part.slice(part.indexOf("}}") + 2)))
    .join("");
