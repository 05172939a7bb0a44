/** A mail server on this machine that takes everything, and keeps it. */
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

export async function startMailServer() {
  const letters: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData: (stream, _session, done) => {
      void text(stream).then((letter) => {
        letters.push(letter);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(resolve);
    });
  /** The letters to an address, as a mail program reads them. */
  const lettersTo = async (address: string) => {
    const read = await Promise.all(letters.map((letter) => simpleParser(letter)));
    return read.filter(({ to }) => JSON.stringify(to).includes(address));
  };
  return { url: `smtp://127.0.0.1:${port}`, letters, lettersTo, stop };
}
