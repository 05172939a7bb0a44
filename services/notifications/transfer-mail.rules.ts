/** The e-mail that tells a user of a case that was transferred, in the user's language (F231). */
import type { User } from "#shared/contracts/identity.ts";

interface Transferred {
  user: Pick<User, "name" | "language">;
  number: number;
  campaign: string;
  /** Where the case is found; without it, people look for the number. */
  link: string | undefined;
}

/** Says which case, and nothing of what is in it: an e-mail leaves the house. */
export function letterFor({ user: { name, language }, number, campaign, link }: Transferred) {
  const { subject, hello, body } = texts[language];
  const end = link ? `\n\n${link}` : "";
  return {
    subject: subject(number),
    text: `${hello(name)}\n\n${body(number, campaign)}${end}\n`,
  };
}

const texts = {
  en: {
    subject: (number: number) => `Case ${number} was transferred to you`,
    hello: (name: string) => `Hello ${name},`,
    body: (number: number, campaign: string) =>
      `case ${number} of the campaign “${campaign}” was transferred to you. You find it among your pending cases.`,
  },
  es: {
    subject: (number: number) => `Se te transfirió el caso ${number}`,
    hello: (name: string) => `Hola, ${name}:`,
    body: (number: number, campaign: string) =>
      `se te transfirió el caso ${number} de la campaña «${campaign}». Lo encuentras entre tus casos pendientes.`,
  },
} as const;
