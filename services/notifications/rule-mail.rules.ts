/** The e-mail that a business rule sends a user: what its administrator wrote, and which case it is about. */
import type { User } from "#shared/contracts/identity.ts";

interface About {
  user: Pick<User, "language">;
  number: number;
  /** Where the case is found; without it, people look for the number. */
  link: string | undefined;
}

const caseWord = { en: "Case", es: "Caso" } as const;

export function ruleLetter(
  { subject, text }: { subject: string; text: string },
  { user: { language }, number, link }: About,
) {
  const end = `${caseWord[language]} ${String(number)}${link ? `\n${link}` : ""}`;
  return { subject, text: `${text.trimEnd()}\n\n${end}\n` };
}
