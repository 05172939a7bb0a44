/** One connection to MongoDB for a process, one database for each service. */
import mongoose, { type Connection } from "mongoose";
import { config } from "../config.ts";

let shared: Connection | undefined;
let users = 0;

/** Writes are answered only when a majority has them in its journal (P1). */
const options = {
  writeConcern: { w: "majority", journal: true },
  serverSelectionTimeoutMS: 2_500,
  connectTimeoutMS: 2_500,
  socketTimeoutMS: 20_000,
  maxPoolSize: 60,
  minPoolSize: 2,
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
  ignoreUndefined: true,
} as const;

function connection(): Connection {
  if (!shared) {
    shared = mongoose.createConnection(config().MONGODB_URL, options);
    shared.asPromise().catch(() => undefined); // whoever waits for it hears of it
  }
  return shared;
}

/** The database of a service: `<namespace>_<service>`. */
export const database = (service: string): Connection =>
  connection().useDb(`${config().NAMESPACE}_${service}`, { useCache: true });

/** Connects, or joins the connection that is there. */
export async function connect(): Promise<void> {
  users += 1;
  await connection().asPromise();
}

/** Closes the connection when its last user has left. */
export async function disconnect(): Promise<void> {
  users -= 1;
  if (users > 0 || !shared) return;
  const closing = shared;
  shared = undefined;
  await closing.close();
}
