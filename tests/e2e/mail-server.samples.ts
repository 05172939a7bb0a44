/** A mail server on this machine whose letters are read as a mail program reads them. */
import { simpleParser } from "mailparser";
import { startMailServer as startPlain } from "#shared/testing/mail-server.ts";

export async function startMailServer() {
  const server = await startPlain();
  const lettersTo = async (address: string) => {
    const read = await Promise.all(server.taken.map((letter) => simpleParser(letter)));
    return read.filter(({ to }) => JSON.stringify(to).includes(address));
  };
  return Object.assign(server, { letters: server.taken, lettersTo });
}
