/** One connection to MongoDB for a process, one database for each service. */
import { setTimeout as pause } from "node:timers/promises";
import mongoose, { type Connection, type ConnectOptions } from "mongoose";
import { config } from "../config.ts";
import { isPassing } from "../faults.ts";

/** How long a service that starts goes on asking a MongoDB that does not answer. */
const startsWithinMs = 30_000;
const againMs = 250;

interface Shared {
  connection: Connection;
  /** Settled once MongoDB has answered, or was waited for in vain. */
  reached: Promise<void>;
}

let shared: Shared | undefined;
let users = 0;

/** Writes are answered only when a majority has them in its journal (P1). */
function options(): ConnectOptions {
  // Half the time of a caller: what fails still finds its answer, and may be tried once more.
  const patienceMs = Math.ceil(config().REQUEST_TIMEOUT_MS / 2);
  return {
    writeConcern: { w: "majority", journal: true },
    serverSelectionTimeoutMS: patienceMs,
    connectTimeoutMS: patienceMs,
    socketTimeoutMS: 20_000,
    maxPoolSize: 60,
    minPoolSize: 2,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    ignoreUndefined: true,
  };
}

function connection(): Shared {
  if (!shared) {
    const made = mongoose.createConnection();
    shared = { connection: made, reached: reach(made) };
    shared.reached.catch(() => undefined); // whoever waits for it hears of it
  }
  return shared;
}

async function reach(made: Connection): Promise<void> {
  const until = Date.now() + startsWithinMs;
  for (;;) {
    try {
      await made.openUri(config().MONGODB_URL, options());
      return;
    } catch (error) {
      if (!isPassing(error) || Date.now() > until || shared?.connection !== made) throw error;
      await pause(againMs);
    }
  }
}

/** The database of a service: `<namespace>_<service>`. */
export const database = (service: string): Connection =>
  connection().connection.useDb(`${config().NAMESPACE}_${service}`, { useCache: true });

/** Connects, or joins the connection that is there; a MongoDB that is just starting is waited for. */
export async function connect(): Promise<void> {
  users += 1;
  await connection().reached;
}

/** Closes the connection when its last user has left. */
export async function disconnect(): Promise<void> {
  users -= 1;
  if (users > 0 || !shared) return;
  const { connection: closing } = shared;
  shared = undefined;
  await closing.close();
}
