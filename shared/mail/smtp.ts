/** Gives one e-mail to the mail server, and says what is sure about it afterwards. */
import { Readable } from "node:stream";
import MailComposer from "nodemailer/lib/mail-composer";
import { parseConnectionUrl } from "nodemailer/lib/shared";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Delivery } from "./delivery.rules.ts";

const answerWithinMs = 10_000;
const allWithinMs = 60_000;

/** A file that goes with an e-mail. */
export interface LetterFile {
  filename: string;
  contentType: string;
  content: Buffer;
}

/** An e-mail as it goes out. */
export interface Letter {
  from: string;
  to: string;
  cc?: string[] | undefined;
  bcc?: string[] | undefined;
  subject: string;
  text?: string | undefined;
  html?: string | undefined;
  attachments?: LetterFile[] | undefined;
  /** The Message-IDs of the e-mail that it answers. */
  inReplyTo?: string | undefined;
  references?: string[] | undefined;
  /** Stays the same however often it is tried. */
  messageId: string;
  /** Written by a program: programs do not answer it. */
  isAutomatic?: boolean;
}

/**
 * @param handOver is asked when the server is ready for the content, before it gets any of it;
 *   where it answers false, the server gets nothing
 * @throws what `handOver` throws
 */
export async function deliver(
  url: string,
  letter: Letter,
  handOver: () => Promise<boolean>,
): Promise<Delivery> {
  const raw = await rawOf(letter);
  const handing: { isOver: boolean; fault?: unknown } = { isOver: false };
  const met = await talk(url, letter, async function* () {
    try {
      if (!(await handOver())) throw new Error("Somebody else sends this mail");
    } catch (error) {
      handing.fault = error;
      throw error;
    }
    handing.isOver = true;
    yield raw;
  });
  if (handing.fault) throw handing.fault as Error;
  if (!met) return { outcome: "sent" };
  const { responseCode, message, isTaken } = met;
  const fault = message.replaceAll(/\s+/g, " ").slice(0, 300);
  if (isTaken) return { outcome: "sent", fault };
  // a server that answers has not taken it; one that is silent once it has the content may have
  if (responseCode === undefined && handing.isOver) return { outcome: "uncertain", fault };
  const isFinal = responseCode !== undefined && responseCode >= 500 && met.code !== "EAUTH";
  return { outcome: "refused", isFinal, fault };
}

/** Those who get it without the others' knowledge stand in no header. */
const rawOf = ({ bcc: _unseen, isAutomatic, ...letter }: Letter): Promise<Buffer> =>
  new MailComposer({
    ...letter,
    ...(isAutomatic ? { headers: { "Auto-Submitted": "auto-generated" } } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();

interface Met {
  message: string;
  code?: string | undefined;
  responseCode?: number | undefined;
  /** It was taken all the same, for other recipients. */
  isTaken?: boolean;
}

/** One conversation with the server; answers what went wrong, if anything did. */
function talk(
  url: string,
  { from, to, cc = [], bcc = [] }: Letter,
  content: () => AsyncGenerator<Buffer>,
): Promise<Met | undefined> {
  const { auth, connection } = connectionTo(url);
  const { promise, resolve } = Promise.withResolvers<Met | undefined>();
  const end = (met?: Met) => {
    resolve(met);
    connection.close();
  };
  const timer = setTimeout(end, allWithinMs, { message: "It took too long" });
  connection.on("error", end);
  connection.once("end", () => {
    end({ message: "The connection ended" });
  });
  const send = () => {
    const body = Readable.from(content());
    body.once("error", end);
    connection.send({ from, to: [to, ...cc, ...bcc] }, body, (error, info) => {
      end(error ?? refusedFor(info.rejectedErrors?.[0]));
    });
  };
  connection.connect((error) => {
    if (error) end(error);
    else if (!auth) send();
    else {
      connection.login({ credentials: auth }, (refused) => {
        if (refused) end(refused);
        else send();
      });
    }
  });
  return promise.finally(() => {
    clearTimeout(timer);
  });
}

const refusedFor = (refusal: Error | undefined): Met | undefined =>
  refusal && { message: `Not taken for all recipients: ${refusal.message}`, isTaken: true };

function connectionTo(url: string) {
  const { auth, ...options } = parseConnectionUrl(url);
  const connection = new SMTPConnection({
    ...options,
    connectionTimeout: answerWithinMs,
    greetingTimeout: answerWithinMs,
    dnsTimeout: answerWithinMs,
    socketTimeout: answerWithinMs,
  });
  return { auth, connection };
}
