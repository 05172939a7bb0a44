/** Looks at servers that run elsewhere before anything is started against them. */
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "nats";
import mongoose from "mongoose";
import { natsAddress } from "#shared/nats-address.ts";
import { messageOf, Problem, type Log } from "./problem.ts";

const patienceMs = 5_000;
const againMs = 500;

/** Throws a Problem unless the MongoDB answers and can do transactions. */
export async function requireMongodb(url: string): Promise<void> {
  const hello = await mongodbHello(url).catch((error: unknown) => {
    throw new Problem(`No MongoDB answers at MONGODB_URL (${messageOf(error)}).`);
  });
  if (hello["setName"] ?? hello["msg"] === "isdbgrid") return;
  throw new Problem(
    "The MongoDB at MONGODB_URL is a single server; Casewire needs a replica set, which may have one member.",
  );
}

/** Throws a Problem unless the NATS answers and has JetStream. */
export async function requireNats(url: string): Promise<void> {
  const found = await jetStreamAt(url).catch((error: unknown) => {
    throw new Problem(`${noNats(error)}.`);
  });
  if (!found) throw new Problem("The NATS at NATS_URL runs without JetStream; switch it on.");
}

/** Waits until the NATS answers, and says once that it does; throws a Problem without JetStream. */
export async function awaitNats(url: string, say: Log): Promise<void> {
  for (let told = false; ; told = true) {
    const fault = await jetStreamAt(url).then(() => undefined, noNats);
    if (!fault) return requireNats(url);
    if (!told) say(`${fault}; waiting for it.`);
    await pause(againMs);
  }
}

const noNats = (error: unknown): string => `No NATS answers at NATS_URL (${messageOf(error)})`;

/** Whether the NATS there has JetStream. */
async function jetStreamAt(url: string): Promise<boolean> {
  const address = natsAddress(url);
  const connection = await connect({ ...address, timeout: patienceMs, reconnect: false });
  const { jetstream } = connection.info ?? {};
  await connection.close();
  return Boolean(jetstream);
}

async function mongodbHello(url: string) {
  const client = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: patienceMs });
  try {
    return await client.db("admin").command({ hello: 1 });
  } finally {
    await client.close();
  }
}
