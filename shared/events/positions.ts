/** How far a service has come in the stream: kept with the data that came of it. */
import type { NatsConnection } from "nats";
import type { ServiceName } from "../bus.ts";
import { database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";
import { idOf } from "./incoming.ts";
import { answerWithinMs, ensureStreams, eventsStream, isMissing } from "./stream.ts";

export interface Position {
  /** Which stream: one that was made anew starts at 1 again. */
  born: string;
  /** All up to here is done. */
  sequence: number;
  /** The furthest message known, by sequence and id: still there unless the stream lost its end. */
  seen?: { sequence: number; id: string } | undefined;
}

type Role = "relay" | "consumer";

const positions = (service: ServiceName) =>
  nativeOf<Position & { _id: Role }>(database(service), "positions");

export async function positionOf(service: ServiceName, role: Role): Promise<Position | undefined> {
  const kept = await positions(service).findOne({ _id: role });
  if (!kept) return undefined;
  const { _id, ...position } = kept;
  return position;
}

/** A position lost costs a repetition, which the inbox and the stream bear: no majority needed. */
export async function keepPosition(
  service: ServiceName,
  role: Role,
  position: Position,
): Promise<void> {
  await positions(service).replaceOne({ _id: role }, position, {
    upsert: true,
    writeConcern: { w: 1 },
  });
}

/** Where to go on in the stream as it is now: there, or at the start when it is another one. */
export async function placeAfter(
  connection: NatsConnection,
  known: Position | undefined,
): Promise<Position> {
  const { born, lastSequence } = await ensureStreams(connection);
  if (known?.born === born && (await isThere(connection, known, lastSequence))) return known;
  return { born, sequence: 0 };
}

/** Whether the furthest message known is still what stands there, or is too old to be kept. */
async function isThere(connection: NatsConnection, { seen }: Position, lastSequence: number) {
  if (!seen) return true;
  if (seen.sequence > lastSequence) return false;
  const settings = { timeout: answerWithinMs, checkAPI: false };
  const { streams } = await connection.jetstreamManager(settings);
  try {
    const { header } = await streams.getMessage(eventsStream(), { seq: seen.sequence });
    return idOf(header) === seen.id;
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}
