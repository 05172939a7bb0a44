/** Files that users attach to a case: `POST /cases/:id/attachments`, handed on as they come (F187). */
import { createHash } from "node:crypto";
import { finished } from "node:stream/promises";
import { Transform, type Readable, type TransformCallback } from "node:stream";
import { config } from "#shared/config.ts";
import { conflict, invalidField, tooLarge, unavailable } from "#shared/errors.ts";
import type { Door } from "../door.ts";
import { fewAtOnce } from "./few-at-once.ts";

/** A large file on a slow line takes its time; the server gives up on the sender before this. */
const attachTimeoutMs = 60_000;

/** Each may wait in memory for the bus: so many at once in this process. */
const enter = fewAtOnce(16, "Too many files are being uploaded", 2);

export const upload: Door = async ({ params, headers, stream }, call) => {
  const maxBytes = config().ATTACHMENT_MAX_BYTES;
  if (!stream) throw invalidField("", "must be the file's bytes", "required");
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw beyond(maxBytes);
  const passing = new Passing(maxBytes);
  const asked = { ...namedIn(params as unknown as Named), maxBytes };
  const leave = enter();
  try {
    passOn(stream, passing);
    const options = { stream: passing, timeout: attachTimeoutMs };
    const { attachment, sha256 } = await call("files.attach", asked, options);
    await finished(passing); // a repeat is answered before it has been read
    if (sha256 !== passing.digest()) throw otherContent();
    return { status: 201, headers: { location: attachment.url }, body: attachment };
  } catch (error) {
    stream.resume(); // so that the connection serves the next request
    throw passing.isBeyond ? beyond(maxBytes) : error;
  } finally {
    leave();
  }
};

interface Named {
  id: string;
  name: string;
  contentType?: string;
}

const namedIn = ({ id: caseId, name, contentType: declaredType }: Named) => ({
  ...{ caseId, name },
  ...(declaredType ? { declaredType } : {}),
});

/** As `pipeline` does, but the sender lives on to be answered. */
function passOn(stream: Readable, passing: Passing): void {
  passing.on("error", () => undefined); // the call says what went wrong
  stream.once("error", (error) => passing.destroy(error));
  stream.once("close", () => {
    if (!stream.readableEnded) passing.destroy(unavailable("The file did not arrive whole"));
  });
  stream.pipe(passing);
}

const beyond = (maxBytes: number) => tooLarge(`A file may have at most ${String(maxBytes)} bytes`);

/** The same key was sent with another file before. */
const otherContent = () =>
  conflict("IDEMPOTENCY_KEY_REUSED", "This key was sent with another request; take a new one");

/** Lets bytes pass up to a limit, and knows them again. */
class Passing extends Transform {
  readonly #maxBytes: number;
  readonly #hash = createHash("sha256");
  #size = 0;
  isBeyond = false;

  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#size += chunk.length;
    this.isBeyond = this.#size > this.#maxBytes;
    if (this.isBeyond) {
      done(beyond(this.#maxBytes));
      return;
    }
    this.#hash.update(chunk);
    done(null, chunk);
  }

  /** Ask once, when everything has passed. */
  digest(): string {
    return this.#hash.digest("hex");
  }
}
