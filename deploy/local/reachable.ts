/** Looks at servers that run elsewhere before anything is started against them. */
import { connect } from "nats";
import mongoose from "mongoose";
import { messageOf, Problem } from "./problem.ts";

const patienceMs = 5_000;

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
  const connection = await connect({ servers: url, timeout: patienceMs, reconnect: false }).catch(
    (error: unknown) => {
      throw new Problem(`No NATS answers at NATS_URL (${messageOf(error)}).`);
    },
  );
  const { jetstream } = connection.info ?? {};
  await connection.close();
  if (!jetstream) throw new Problem("The NATS at NATS_URL runs without JetStream; switch it on.");
}

async function mongodbHello(url: string) {
  const client = new mongoose.mongo.MongoClient(url, { serverSelectionTimeoutMS: patienceMs });
  try {
    return await client.db("admin").command({ hello: 1 });
  } finally {
    await client.close();
  }
}
