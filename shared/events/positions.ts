/** How far a service has come in the stream: kept with the data that came of it. */
import type { ServiceName } from "../bus.ts";
import { database } from "../mongo/connection.ts";
import { nativeOf } from "../mongo/store.ts";

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
