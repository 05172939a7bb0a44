/** A mail server for tests: keeps what it takes, and cuts or refuses where it is told. */
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";

/** Where the server ends the connection; "taken": when it has the whole mail, without an answer. */
export type Cut = "connect" | "mail" | "rcpt" | "data" | "content" | "taken";

export interface MailServer {
  readonly url: string;
  /** Mails as they were taken. */
  readonly taken: string[];
  /** Asked at each step of each connection. */
  cut: (at: Cut) => boolean;
  /** The code that recipients are refused with. */
  refuse: number | undefined;
  stop(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const taken: string[] = [];
  const severed = (at: Cut): boolean => {
    if (!state.cut(at)) return false;
    for (const { _socket } of server.connections as unknown as Set<{
      _socket: { destroy(): void };
    }>) {
      _socket.destroy();
    }
    return true;
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onConnect: (_session, done) => {
      if (!severed("connect")) done();
    },
    onMailFrom: (_address, _session, done) => {
      if (!severed("mail")) done();
    },
    onRcptTo: (_address, _session, done) => {
      if (severed("rcpt")) return;
      const { refuse } = state;
      done(refuse ? Object.assign(new Error("No"), { responseCode: refuse }) : undefined);
    },
    onData: (stream, _session, done) => {
      if (severed("data")) return;
      stream.once("data", () => severed("content"));
      void text(stream).then((mail) => {
        taken.push(mail);
        if (!severed("taken")) done();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  const state: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    cut: () => false,
    refuse: undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
  return state;
}
