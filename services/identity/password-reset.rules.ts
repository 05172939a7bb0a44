/** The e-mail by which a forgotten password is replaced, in the user's language. */
import type { User } from "#shared/contracts/identity.ts";

export const goodForMinutes = 30;

interface Asked {
  user: Pick<User, "name" | "language">;
  token: string;
  /** The page that takes the token; without it, people are shown the token itself. */
  page: string | undefined;
}

/**
 * What the e-mail says. The token stands behind the `#` of the link: what stands there is sent to
 * no server, and so is in no log.
 */
export function letterFor({ user: { name, language }, token, page }: Asked) {
  const { subject, hello, withLink, withCode, end } = texts[language];
  const way = page ? `${withLink}\n\n${page}#token=${token}` : `${withCode}\n\n${token}`;
  return { subject, text: `${hello(name)}\n\n${way}\n\n${end}\n` };
}

const texts = {
  en: {
    subject: "Your new password",
    hello: (name: string) => `Hello ${name},`,
    withLink: `somebody asked for a new password for you. Choose it here within ${goodForMinutes} minutes:`,
    withCode: `somebody asked for a new password for you. Enter this code within ${goodForMinutes} minutes:`,
    end: "If it was not you, you need not do anything: your password stays as it is.",
  },
  es: {
    subject: "Tu nueva contraseña",
    hello: (name: string) => `Hola, ${name}:`,
    withLink: `alguien pidió una nueva contraseña para ti. Elígela aquí en los próximos ${goodForMinutes} minutos:`,
    withCode: `alguien pidió una nueva contraseña para ti. Escribe este código en los próximos ${goodForMinutes} minutos:`,
    end: "Si no fuiste tú, no tienes que hacer nada: tu contraseña sigue siendo la misma.",
  },
} as const;
