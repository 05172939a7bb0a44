/** (a) The raw limit: the native driver making the same four journaled writes for each message. */
import { randomUUID } from "node:crypto";
import { MongoClient, type ClientSession, type Db } from "mongodb";
import { measured, type Figures } from "./figures.ts";

export interface RawLimit {
  /** A message of a sender not seen before: customer, case, interaction, outbox. */
  firstMessage: () => Promise<void>;
  /** A message that joins a case: customer and case changed, interaction and outbox added. */
  nextMessage: () => Promise<void>;
  close: () => Promise<void>;
}

const journaled = { w: "majority", journal: true } as const;

/** Opens an own database on the server and prepares its collections and indexes. */
export async function openRawLimit(url: string, cases: number): Promise<RawLimit> {
  const client = await new MongoClient(url, { maxPoolSize: 300 }).connect();
  const db = client.db(`bench_raw_${String(process.pid)}`);
  await prepare(db);
  const known = Array.from({ length: cases }, () => ({
    customer: randomUUID(),
    case: randomUUID(),
  }));
  await db.collection<Row>("customers").insertMany(known.map((one) => aCustomer(one.customer)));
  await db.collection<Row>("cases").insertMany(known.map((one) => aCase(one.case, one.customer)));
  const inTransaction = (work: (session: ClientSession) => Promise<void>) =>
    client.withSession((session) =>
      session.withTransaction(() => work(session), { writeConcern: journaled }),
    );

  let turn = 0;
  return {
    firstMessage: () =>
      inTransaction(async (session) => {
        const customer = randomUUID();
        const kase = randomUUID();
        await db.collection<Row>("customers").insertOne(aCustomer(customer), { session });
        await db.collection<Row>("cases").insertOne(aCase(kase, customer), { session });
        await keepMessage(db, session, kase);
      }),
    nextMessage: () => {
      const one = known[turn++ % known.length] as (typeof known)[0];
      return inTransaction((session) => addMessage(db, session, one));
    },
    async close() {
      await db.dropDatabase();
      await client.close();
    },
  };
}

async function addMessage(
  db: Db,
  session: ClientSession,
  one: { customer: string; case: string },
): Promise<void> {
  const at = new Date();
  const seen = { $set: { lastInteractionAt: at } };
  await db.collection<Row>("customers").updateOne({ _id: one.customer }, seen, { session });
  const counted = { $set: { updatedAt: at }, $inc: { interactionCount: 1 } } as object;
  await db.collection<Row>("cases").updateOne({ _id: one.case }, counted, { session });
  await keepMessage(db, session, one.case);
}

interface Row {
  _id: string;
  [field: string]: unknown;
}

async function prepare(db: Db): Promise<void> {
  for (const name of ["customers", "cases", "interactions", "outbox"])
    await db.createCollection(name);
  await db.collection("customers").createIndexes([{ key: { key: 1 }, unique: true }]);
  await db.collection("cases").createIndexes([{ key: { number: 1 }, unique: true }]);
  await db
    .collection("interactions")
    .createIndexes([{ key: { channelId: 1, externalId: 1 }, unique: true }]);
  await db.collection("interactions").createIndexes([{ key: { caseId: 1, at: 1 } }]);
}

let number = 0;
const text = "My order has not arrived, although the parcel service says that it was delivered.";

const aCustomer = (_id: string): Row => ({
  _id,
  kind: "person",
  key: `email:${_id}@example.com`,
  displayName: "Ada Byron",
  contactPoints: [{ type: "email", value: `${_id}@example.com` }],
  createdAt: new Date(),
});
const aCase = (_id: string, customerId: string): Row => ({
  _id,
  number: ++number,
  customerId,
  status: "new",
  priority: "medium",
  description: text,
  interactionCount: 1,
  createdAt: new Date(),
});

async function keepMessage(db: Db, session: ClientSession, caseId: string): Promise<void> {
  const _id = randomUUID();
  const interaction = { _id, channelId: "web", externalId: _id, caseId, text, at: new Date() };
  await db.collection<Row>("interactions").insertOne(interaction, { session });
  const event = { _id: randomUUID(), name: "interactions.received", caseId, at: new Date() };
  await db.collection<Row>("outbox").insertOne(event, { session });
}

/** Runs one kind of message at a concurrency for some seconds. */
export const measureRaw = (
  raw: RawLimit,
  kind: "first" | "next",
  concurrency: number,
  seconds: number,
): Promise<Figures> =>
  measured(kind === "first" ? raw.firstMessage : raw.nextMessage, concurrency, seconds);
