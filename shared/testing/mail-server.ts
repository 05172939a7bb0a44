/** A mail server for tests: keeps what it takes, and cuts or refuses where it is told. */
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** Where the server ends the connection; "taken": when it has the whole mail, without an answer. */
export type Cut = "connect" | "mail" | "rcpt" | "data" | "content" | "taken";

export interface MailServer {
  readonly url: string;
  /** Mails as they were taken. */
  readonly taken: string[];
  /** Whom each of them was for. */
  readonly recipients: string[][];
  /** Asked at each step of each connection. */
  cut: (at: Cut) => boolean;
  /** The code that recipients are refused with. */
  refuse: number | undefined;
  stop(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const state = {
    taken: [] as string[],
    recipients: [] as string[][],
    cut: (_at: Cut) => false,
    refuse: undefined,
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    ...stepsOf(state, (): object => server.connections),
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(resolve);
    });
  return Object.assign(state, { url: `smtp://127.0.0.1:${port}`, stop });
}

type State = Pick<MailServer, "taken" | "recipients" | "cut" | "refuse">;

function stepsOf(state: State, connections: () => object): SMTPServerOptions {
  const severed = (at: Cut): boolean => {
    if (!state.cut(at)) return false;
    const all = connections() as Set<{ _socket: { destroy(): void } }>;
    for (const { _socket } of all) _socket.destroy();
    return true;
  };
  return {
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
    onData: (stream, session, done) => {
      stream.on("error", () => undefined); // a cut ends it early
      if (severed("data")) return;
      let isCut = false;
      stream.once("data", () => (isCut = severed("content")));
      const whole = text(stream).catch(() => undefined);
      void whole.then((mail) => {
        if (isCut || mail === undefined) return;
        state.taken.push(mail);
        state.recipients.push(session.envelope.rcptTo.map(({ address }) => address));
        if (!severed("taken")) done();
      });
    },
  };
}
