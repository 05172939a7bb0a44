/** Takes in a stream of bytes: bounded, measured, hashed and looked at while it passes. */
import { createHash } from "node:crypto";
import { Transform, type Readable, type TransformCallback } from "node:stream";
import { fileTypeFromBuffer } from "file-type";
import type { Ctx } from "#shared/bus.ts";
import { invalidField } from "#shared/errors.ts";
import { contentTypeOf } from "./files.rules.ts";

/** The first bytes tell most types; file-type asks for this many. */
const sampleBytes = 4_100;

/** What passed through a meter. */
export interface Measured {
  size: number;
  sha256: string;
  /** The first bytes. */
  sample: Buffer;
  /** More came than allowed; what was above the limit did not pass. */
  tooLarge: boolean;
}

/**
 * Lets bytes pass up to `maxBytes`. What comes after is swallowed instead of refused at once: a
 * stream over the bus cannot be stopped half-way, and must not pile up unread.
 */
export class Meter extends Transform {
  readonly #maxBytes: number;
  readonly #hash = createHash("sha256");
  readonly #sample: Buffer[] = [];
  #sampled = 0;
  #size = 0;

  constructor(maxBytes: number) {
    super();
    this.#maxBytes = maxBytes;
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) {
      done();
      return;
    }
    this.#hash.update(chunk);
    if (this.#sampled < sampleBytes) {
      const piece = chunk.subarray(0, sampleBytes - this.#sampled);
      this.#sample.push(Buffer.from(piece));
      this.#sampled += piece.length;
    }
    done(null, chunk);
  }

  /** What passed; ask once everything has. */
  measured(): Measured {
    return {
      size: this.#size,
      sha256: this.#hash.digest("hex"),
      sample: Buffer.concat(this.#sample),
      tooLarge: this.#size > this.#maxBytes,
    };
  }
}

/** The media type to keep, from the first bytes and what the sender called it. */
export async function typeOf(sample: Buffer, declared: string | undefined): Promise<string> {
  const detected = await fileTypeFromBuffer(sample).catch(() => undefined);
  return contentTypeOf({ detected: detected?.mime, declared, readsAsText: readsAsText(sample) });
}

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const binary = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** Whether bytes are UTF-8 text, but for a character that the sample cuts at its end. */
function readsAsText(sample: Buffer): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(sample, { stream: true });
    return !binary.test(text);
  } catch {
    return false;
  }
}

/**
 * The stream that came with a call, ready to be read later. The bus reports a sender that broke off
 * by an `error` event alone and then ends the stream as if it were whole; destroyed at once, it
 * can never pass for a whole one, even if nobody was reading yet.
 * @throws 422 VALIDATION_ERROR where none came
 */
export function streamOf(ctx: Pick<Ctx, "stream">): Readable {
  if (!ctx.stream) throw invalidField("stream", "must come with the call", "required");
  const stream = ctx.stream as Readable;
  stream.on("error", (error) => stream.destroy(error));
  return stream;
}
