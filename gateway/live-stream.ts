/** One stream of server-sent events: what its source has to tell, for as long as it may be heard. */
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { isRefusal } from "#shared/errors.ts";
import { isAbsence } from "#shared/faults.ts";
import type { LiveEvent } from "./door.ts";

export interface LivePace {
  /** Between two signs of life, with each of which the stream looks and asks whether it still may. */
  readonly everyMs: number;
  /** The least time between two looks, however many hints come. */
  readonly gapMs: number;
}

/** Told to clients, who come back that much later and not all at once. */
const retryMs = { least: 1_000, more: 2_000 };
/** Signs of life that may lie unread before a listener counts as gone, and bytes before it waits. */
const mostUnread = { beats: 2, bytes: 64 * 1024 };

/** Begin it before it is sent; it ends by itself, or by `end`. */
export class LiveStream extends Readable {
  readonly #look: () => Promise<readonly LiveEvent[]>;
  readonly #pace: LivePace;
  readonly #due: () => Date | undefined;
  #beats: NodeJS.Timeout | undefined;
  #planned: NodeJS.Timeout | undefined;
  #isLooking = false;
  #again = false;
  #unread = 0;
  #isOver = false;

  constructor(
    look: () => Promise<readonly LiveEvent[]>,
    due: () => Date | undefined,
    pace: LivePace,
  ) {
    super({ highWaterMark: mostUnread.bytes });
    this.#look = look;
    this.#due = due;
    this.#pace = pace;
    this.once("close", () => {
      this.#isOver = true;
      clearInterval(this.#beats);
      clearTimeout(this.#planned);
    });
  }

  override _read(): void {
    // what there is to tell comes when it happens
  }

  /** @throws what the first look is refused by */
  async begin(): Promise<void> {
    this.#isLooking = true;
    const events = await this.#look();
    const retry = retryMs.least + Math.floor(Math.random() * retryMs.more);
    this.#say(`retry: ${String(retry)}\n\n${events.map(written).join("")}`);
    this.#beats = setInterval(() => void this.#beat(), this.#pace.everyMs).unref();
    this.#isLooking = false;
    this.#plan();
    if (this.#again) void this.turn();
  }

  /** Looks and tells; hints that come meanwhile make it look once more. */
  async turn(): Promise<void> {
    this.#again = true;
    if (this.#isLooking || this.readableLength >= mostUnread.bytes) return; // the next beat looks, too
    this.#isLooking = true;
    try {
      while (this.#again && !this.#isOver) {
        this.#again = false;
        const events = await this.#look();
        this.#say(events.map(written).join(""));
        this.#plan();
        await pause(this.#pace.gapMs);
      }
    } catch (error) {
      if (!isAbsence(error)) this.end(error);
    } finally {
      this.#isLooking = false;
    }
  }

  /** Ends it after what was said; to who is refused it says why. */
  end(refusal?: unknown): void {
    if (this.#isOver) return;
    if (refusal !== undefined) this.#say(written(farewell(refusal)));
    this.#isOver = true;
    this.push(null);
  }

  async #beat(): Promise<void> {
    this.#unread = this.readableLength > 0 ? this.#unread + 1 : 0;
    if (this.#unread >= mostUnread.beats) this.destroy();
    if (this.#unread > 0) return;
    this.#say(": \n\n");
    await this.turn();
  }

  /** Looks when something will have changed by itself, where that is before the next beat. */
  #plan(): void {
    clearTimeout(this.#planned);
    const inMs = Number(this.#due() ?? Infinity) - Date.now();
    if (this.#isOver || inMs >= this.#pace.everyMs) return;
    this.#planned = setTimeout(() => void this.turn(), Math.max(inMs + 1, 1)).unref();
  }

  #say(text: string): void {
    if (!this.#isOver && text !== "") this.push(text);
  }
}

const farewell = (refusal: unknown): LiveEvent => {
  const { code: status, type: code } = isRefusal(refusal)
    ? refusal
    : { code: 500, type: "INTERNAL" };
  return { name: "end", data: { status, code } };
};

/** An event as the stream has it; JSON has no line breaks of its own. */
const written = ({ name, id, data }: LiveEvent): string =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
