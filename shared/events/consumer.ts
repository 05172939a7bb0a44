/** Takes in events from the stream: each at least once, its effect once, in order of its key. */
import type { Logger } from "moleculer";
import type { EventName, ServiceName } from "../bus.ts";
import { config } from "../config.ts";
import { batchesOf } from "./batches.ts";
import { keepDeadLetter } from "./dead-letters.ts";
import { takeIn, type EveryEvent, type Handlers } from "./effects.ts";
import { keepAsDead, unknownOf } from "./inbox.ts";
import { incoming, type Incoming } from "./incoming.ts";
import { openLanes, usualPatience, type Patience } from "./lanes.ts";
import { holdLease, pause } from "./lease.ts";
import { joinNats, leaveNats, reachedNats } from "./nats.ts";
import { keepPosition, placeAfter, positionOf } from "./positions.ts";
import { trackProgress, type Progress } from "./progress.ts";
import { readStream } from "./reader.ts";
import { takeSessions, type Sessions } from "./sessions.ts";
import { allEvents, eventSubject, replaySubject } from "./stream.ts";

export interface Listening {
  stop(): Promise<void>;
}

export type { EveryEvent, Handlers };

interface Listener<S extends ServiceName> {
  service: S;
  handlers: Handlers<S>;
  logger: Logger;
  patience: Patience;
}

const mostAtOnce = 200;
/** One for the batch, the others for events that are tried again one by one. */
const sessionsAtOnce = 8;
/** A transaction that takes longer stands in the way of others: the next one gets fewer events. */
const slowMs = 150;
const keepPositionEveryMs = 1_000;

/**
 * Takes in the events that have a handler while this replica holds the lease for it. Resolves at
 * once: MongoDB and NATS may come later, go and come back.
 */
export function startConsumer<S extends ServiceName>(
  service: S,
  handlers: Handlers<S>,
  logger: Logger,
  { leaseMs, patience = usualPatience }: { leaseMs?: number; patience?: Patience } = {},
): Promise<Listening> {
  joinNats();
  const listener = { service, handlers, logger, patience };
  const work = async (held: AbortSignal) => {
    while (!held.aborted) await listen(listener, held);
  };
  const lease = holdLease({ service, role: "consumer", logger, leaseMs, work });
  return Promise.resolve({
    async stop() {
      await lease.stop();
      await leaveNats();
    },
  });
}

/** Reads and takes in until the lease is lost, or until the stream turns out to be another one. */
async function listen<S extends ServiceName>(listener: Listener<S>, held: AbortSignal) {
  const { service, handlers, logger } = listener;
  const other = new AbortController();
  const given = AbortSignal.any([held, other.signal]);
  const position = await positionOf(service, "consumer");
  const progress = trackProgress();
  const sessions = await takeSessions(service, "consumer", sessionsAtOnce);
  const { lanes, together } = workOf(listener, progress, sessions, given);
  const reader = readStream({
    name: `${config().NAMESPACE}_${service}`,
    subjects: subjectsOf(service, handlers),
    logger,
    given,
    async after(connection, read) {
      const place = await placeAfter(connection, read ?? position);
      if (read && place.sequence < read.sequence) other.abort();
      return place;
    },
  });
  const keeping = keepEverySecond(service, progress, given);

  let atOnce = mostAtOnce;
  while (!given.aborted) {
    await lanes.room();
    const arrived = (await reader.take(atOnce)).map((one) => incoming(service, one));
    arrived.forEach(progress.begin);
    const started = Date.now();
    await together(arrived);
    const slow = Date.now() - started > slowMs;
    atOnce = slow ? Math.max(1, Math.ceil(atOnce / 2)) : Math.min(mostAtOnce, atOnce * 2);
  }
  await Promise.all([reader.ended, lanes.ended(), keeping]);
  await sessions.end();
}

/** What is done with events that have arrived. */
function workOf<S extends ServiceName>(
  { service, handlers, logger, patience }: Listener<S>,
  { finish: finished }: Progress,
  sessions: Sessions,
  given: AbortSignal,
) {
  const take = (all: Incoming[]) => takeIn(service, handlers, all, sessions);
  const unknown = (all: Incoming[]) => unknownOf(service, all);
  const takeOne = async (one: Incoming) => {
    try {
      await take([one]);
    } catch (error) {
      if ((await unknown([one])).length > 0) throw error;
    }
  };
  const giveUp = async (one: Incoming, reason: unknown, attempts: number) => {
    while (!given.aborted) {
      try {
        await keepDeadLetter(reachedNats(), service, one, { reason, attempts });
        await keepAsDead(service, one.id);
        return;
      } catch {
        await pause(1_000, given);
      }
    }
  };
  const lanes = openLanes({ take: takeOne, giveUp, finished, patience, logger, given });
  return { lanes, together: batchesOf({ take, unknownOf: unknown, finished, lanes, given }) };
}

/** The events that a service listens to, and its own dead letters that are handed in again. */
function subjectsOf<S extends ServiceName>(
  service: S,
  { events, together = {}, repeatable = {}, everyEvent }: Handlers<S>,
): string[] {
  const heard = Object.keys({ ...events, ...together, ...repeatable }) as EventName[];
  const names = everyEvent ? allEvents().filter((name) => !everyEvent.but?.includes(name)) : heard;
  return [...names.map(eventSubject), replaySubject(service)];
}

async function keepEverySecond(service: ServiceName, progress: Progress, given: AbortSignal) {
  while (!given.aborted) {
    await pause(keepPositionEveryMs, given);
    const news = progress.news();
    if (news) await keepPosition(service, "consumer", news).catch(() => undefined);
  }
}
