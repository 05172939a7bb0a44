/** Group commit: what arrives while a batch is under way goes together in the next one. */
import { unavailable } from "./errors.ts";

interface Waiting<T, R> {
  item: T;
  resolve: (answer: R) => void;
  reject: (reason: unknown) => void;
}

export interface GroupCommitOptions<T> {
  /** Items of one batch. */
  maxBatch: number;
  /** Items that may wait; one more is refused with 503. */
  maxWaiting: number;
  /** Batches under way at the same time. */
  lanes: number;
  /** How long a batch gathers while others are under way or the one before had company; milliseconds. */
  gatherMs?: number;
  /** Beside a batch that is under way another one starts only with so many items. */
  worthwhile?: number;
  /** Items of one key are never in two batches at the same time. */
  keyOf?: (item: T) => string;
}

/**
 * Answers a function that hands its items on in batches. An idle group takes what has arrived in
 * the same turn of the event loop and starts at once; only a busy one waits a moment for company.
 *
 * @param handle takes a batch and answers each item in order: a value, or an Error for that item
 *   alone; what it throws refuses the whole batch
 * @throws 503 UNAVAILABLE when too many items wait already
 */
export function groupCommit<T, R>(
  handle: (items: T[]) => Promise<(R | Error)[]>,
  options: GroupCommitOptions<T>,
): (item: T) => Promise<R> {
  const group = new Group(handle, options);
  return (item) => group.add(item);
}

class Group<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private running = 0;
  private scheduled = false;
  private company = false;
  private readonly underWay = new Set<string>();
  private readonly handle: (items: T[]) => Promise<(R | Error)[]>;
  private readonly options: GroupCommitOptions<T>;

  constructor(handle: (items: T[]) => Promise<(R | Error)[]>, options: GroupCommitOptions<T>) {
    this.handle = handle;
    this.options = options;
  }

  add(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      if (this.waiting.length < this.options.maxWaiting)
        this.waiting.push({ item, resolve, reject });
      else reject(unavailable("Too many requests are waiting", 1));
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || !this.mayStart(this.waiting)) return;
    const { gatherMs = 0, maxBatch } = this.options;
    this.scheduled = true;
    const isBusy = this.company || this.running > 0;
    if (isBusy && gatherMs > 0 && this.waiting.length < maxBatch) setTimeout(this.start, gatherMs);
    else setImmediate(this.start);
  }

  /** Whether a batch of these would be worth while now. */
  private mayStart({ length }: Waiting<T, R>[]): boolean {
    const { lanes, worthwhile = 1 } = this.options;
    return length > 0 && this.running < lanes && (this.running === 0 || length >= worthwhile);
  }

  private readonly start = (): void => {
    this.scheduled = false;
    const free = this.waiting.filter(({ item }) => !this.keysOf([item]).some(this.isUnderWay));
    if (!this.mayStart(free)) return;
    const batch = new Set(free.slice(0, this.options.maxBatch));
    this.waiting = this.waiting.filter((one) => !batch.has(one));
    void this.run([...batch]);
    this.schedule();
  };

  private async run(batch: Waiting<T, R>[]): Promise<void> {
    const items = batch.map(({ item }) => item);
    this.running += 1;
    this.company = items.length > 1;
    for (const key of this.keysOf(items)) this.underWay.add(key);
    try {
      answerAll(batch, await this.handle(items));
    } catch (reason) {
      for (const { reject } of batch) reject(reason);
    } finally {
      this.running -= 1;
      for (const key of this.keysOf(items)) this.underWay.delete(key);
      this.schedule();
    }
  }

  private keysOf(items: T[]): string[] {
    const { keyOf } = this.options;
    return keyOf ? items.map(keyOf) : [];
  }

  private readonly isUnderWay = (key: string): boolean => this.underWay.has(key);
}

function answerAll<T, R>(batch: Waiting<T, R>[], answers: (R | Error)[]): void {
  batch.forEach(({ resolve, reject }, index) => {
    const answer = answers[index];
    if (answer instanceof Error) reject(answer);
    else resolve(answer as R);
  });
}
