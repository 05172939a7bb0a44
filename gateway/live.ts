/**
 * The live streams of this replica: what is told as it happens (server-sent events). They are woken
 * by hints from wherever something happened, are bounded, and end when the process stops, with the
 * session, or with the right to see what they are about.
 */
import type { Broker } from "#shared/bus.ts";
import type { Actor } from "#shared/contracts/common.ts";
import { tooMany, unavailable } from "#shared/errors.ts";
import type { AccessRevoked, Happened } from "#shared/hints.ts";
import { tokenOf } from "./authentication.ts";
import type { Call, DoorAnswer, LiveSource } from "./door.ts";
import { LiveStream, type LivePace } from "./live-stream.ts";
import { authorise } from "./permissions.ts";
import type { Route } from "./routes.ts";

export interface LiveLimits extends LivePace {
  /** Streams of one user, and of all, that this replica keeps open. */
  readonly perUser: number;
  readonly most: number;
  /** What a look may take. */
  readonly timeoutMs: number;
}

/** Who wants to be told, as the request says. */
export interface Listener {
  readonly actor: Actor;
  readonly authorization: string | undefined;
  readonly route: Pick<Route, "contract" | "channelParam">;
  readonly requestId: string;
}

interface Listening {
  readonly stream: LiveStream;
  readonly topic: string;
  actor: Actor;
  /** When who listens is to be verified again. */
  verifyAt: number;
}

/** A verdict on who listens is good for so long, unless a hint says otherwise. */
const freshMs = 5_000;

const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no", // proxies that would gather it
};

export class Live {
  readonly #bus: Broker;
  readonly #limits: LiveLimits;
  readonly #listening = new Set<Listening>();
  #isStopped = false;

  constructor(bus: Broker, limits: LiveLimits) {
    this.#bus = bus;
    this.#limits = limits;
  }

  /** Streams that are open now. */
  open(): number {
    return this.#listening.size;
  }

  /**
   * Begins a stream and answers with it.
   * @throws 429 and 503 where too many are open; what the source's first look is refused by
   */
  async listen(listener: Listener, source: LiveSource): Promise<DoorAnswer> {
    this.#requireRoom(listener.actor);
    const look = async () => {
      if (Date.now() >= own.verifyAt) await this.#verify(own, listener);
      return source.look(this.#callAs(own.actor, listener.requestId));
    };
    const own: Listening = {
      stream: new LiveStream(look, () => source.due?.(), this.#limits),
      topic: source.topic,
      actor: listener.actor,
      verifyAt: Date.now() + freshMs,
    };
    this.#listening.add(own);
    own.stream.once("close", () => {
      this.#listening.delete(own);
      const left = source.leave?.(this.#callAs(own.actor, listener.requestId));
      left?.catch(() => undefined); // what it leaves behind runs out
    });
    try {
      await own.stream.begin();
    } catch (error) {
      own.stream.destroy();
      throw error;
    }
    return { status: 200, headers, body: own.stream };
  }

  /** Something happened: whoever listens to one of these topics looks. */
  wake({ topics }: Happened): void {
    for (const { topic, stream } of this.#listening) {
      if (topics.includes(topic)) void stream.turn();
    }
  }

  /** Somebody lost an access: whose stream it may be is verified at once. */
  recheck({ userId, sessionId }: AccessRevoked): void {
    for (const own of this.#listening) {
      const { id, sessionId: session } = own.actor;
      if (id !== userId && (sessionId === undefined || session !== sessionId)) continue;
      own.verifyAt = 0;
      void own.stream.turn();
    }
  }

  /** Ends all streams and begins no more: their listeners find another replica. */
  stop(): void {
    this.#isStopped = true;
    for (const { stream } of this.#listening) stream.end();
  }

  #requireRoom({ id }: Actor): void {
    if (this.#isStopped) throw unavailable("This server is stopping", 1);
    if (this.#listening.size >= this.#limits.most) throw unavailable("Too many are listening", 10);
    const ofUser = [...this.#listening].filter(({ actor }) => actor.id === id);
    if (ofUser.length >= this.#limits.perUser) throw tooMany(10);
  }

  /** To listen is no sign of life: a connection may be dead for long before anybody notices. */
  async #verify(own: Listening, { authorization, route }: Listener): Promise<void> {
    const token = tokenOf(authorization);
    const { timeoutMs: timeout } = this.#limits;
    own.actor = await this.#bus.call("identity.verify", { token, quietly: true }, { timeout });
    authorise(route, own.actor, {});
    own.verifyAt = Date.now() + freshMs;
  }

  #callAs(actor: Actor, requestId: string): Call {
    const { timeoutMs: timeout } = this.#limits;
    const call = this.#bus.call.bind(this.#bus) as (...args: unknown[]) => unknown;
    const calling = (name: string, params?: object, options?: object) =>
      call(name, params, { timeout, meta: { actor, requestId }, ...options });
    return calling as unknown as Call;
  }
}
