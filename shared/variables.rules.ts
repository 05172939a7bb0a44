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

export type Variable = (typeof variables)[number];

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

/** The same for HTML: in an address, or any other part of a tag, a value could lead elsewhere. */
export const variablesFaultInHtml = (html: string): string | undefined =>
  /<[^<>]*\{\{/.test(html) ? "has a variable inside a tag" : variablesFault(html);

/** The text with the same words in place of every variable. */
export const withWords = (text: string, words: string): string => filledWith(text, () => words);

/** The variables that a kept text speaks of, each once. */
export function variablesIn(text: string): Variable[] {
  const names = new Set<Variable>();
  filledWith(text, (name) => {
    names.add(name);
    return "";
  });
  return [...names];
}

/** A kept text with what `wordsOf` says in place of each variable. */
export const filledWith = (text: string, wordsOf: (name: Variable) => string): string =>
  text
    .split("{{")
    .map((part, place) => {
      if (place === 0) return part;
      const end = part.indexOf("}}");
      return wordsOf(part.slice(0, end).trim() as Variable) + part.slice(end + 2);
    })
    .join("");
