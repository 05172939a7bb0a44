/** The customers of the bench in their database: put in by the service's own rules, many at a time. */
import { MongoClient, type Collection, type Db, type Document } from "mongodb";
import { lookupsOf } from "../services/customers/customers.rules.ts";
import { keptWith } from "../services/customers/customers.store.ts";
import { person } from "./customers-people.ts";

type Rows = Collection<Document & { _id: string }>;

export interface Opened {
  db: Db;
  customers: Rows;
  contactKeys: Rows;
  /** Puts in so many; the collections and indexes are there. */
  fill: (count: number, tell: (line: string) => void) => Promise<void>;
  close: () => Promise<void>;
}

const atOnce = 2_000;
const toldEvery = 100_000;

export async function openCustomers(url: string, database: string): Promise<Opened> {
  const client = await new MongoClient(url).connect();
  const db = client.db(database);
  const customers: Rows = db.collection("customers");
  const contactKeys: Rows = db.collection("contactKeys");
  return {
    db,
    customers,
    contactKeys,
    async fill(count, tell) {
      for (let start = 0; start < count; start += atOnce) {
        if (start > 0 && start % toldEvery === 0) tell(`${String(start)} customers are in`);
        await put(customers, contactKeys, start, Math.min(atOnce, count - start));
      }
      tell(`${String(count)} customers are in`);
    },
    close: () => client.close(),
  };
}

/** Not journaled one by one: what a crash would lose is made again. */
const quickly = { ordered: false, writeConcern: { w: 1 } } as const;

async function put(customers: Rows, contactKeys: Rows, start: number, count: number) {
  const rows = Array.from({ length: count }, (_, index) => {
    const customer = person(start + index);
    return keptWith(customer, lookupsOf(customer));
  });
  const keys = rows.flatMap(({ _id: customerId, contactKeys: own }) =>
    own.map((key) => ({ _id: key, customerId })),
  );
  await customers.insertMany(rows, quickly);
  await contactKeys.insertMany(keys, quickly);
}
