/** Looks for words in everything that a running system keeps: databases, files, streams and its log. */
import { existsSync, readFileSync } from "node:fs";
import { BSON, MongoClient } from "mongodb";
import { connect } from "nats";
import type { System } from "./system.ts";

/** Where each of the words stands: `casewire_cases.cases`, `stream casewire_events`, `log`. */
export async function placesOf(
  { environment }: Pick<System, "environment">,
  words: readonly string[],
): Promise<Map<string, Set<string>>> {
  const places = new Map(words.map((word) => [word, new Set<string>()]));
  const look = (text: Buffer, place: string) => {
    for (const [word, found] of places) if (text.includes(word)) found.add(place);
  };
  await lookInDatabases(environment, look);
  await lookInStreams(environment, look);
  const log = environment["LOG_FILE"];
  if (log && existsSync(log)) look(readFileSync(log), "log");
  return places;
}

type Look = (text: Buffer, place: string) => void;

/** Every collection of every database of the namespace, GridFS among them. */
async function lookInDatabases({ MONGODB_URL, NAMESPACE }: NodeJS.ProcessEnv, look: Look) {
  const client = await MongoClient.connect(String(MONGODB_URL));
  const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
  for (const { name } of databases.filter((one) => one.name.startsWith(`${String(NAMESPACE)}_`))) {
    for (const { name: collection } of await client.db(name).listCollections().toArray()) {
      for await (const document of client.db(name).collection(collection).find()) {
        look(Buffer.from(BSON.serialize(document)), `${name}.${collection}`);
      }
    }
  }
  await client.close();
}

/** Every message that a stream of the namespace still has. */
async function lookInStreams({ NATS_URL, NAMESPACE }: NodeJS.ProcessEnv, look: Look) {
  const connection = await connect({ servers: String(NATS_URL).replace(/^nats:\/\//, "") });
  const { streams } = await connection.jetstreamManager();
  for (const name of [`${String(NAMESPACE)}_events`, `${String(NAMESPACE)}_dead`]) {
    const { state } = await streams.info(name);
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await streams.getMessage(name, { seq }).catch(() => undefined);
      if (message) look(Buffer.from(message.data), `stream ${name}`);
    }
  }
  await connection.close();
}
