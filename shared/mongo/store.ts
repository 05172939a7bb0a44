/** What a service's store is built from: its collections, derived from shapes, and its writes. */
import type { Collection, Document, IndexDescription } from "mongodb";
import type { Connection, Model } from "mongoose";
import type { ServiceName } from "../bus.ts";
import type { Received, Shape } from "../fields.ts";
import { database } from "./connection.ts";
import { schemaOf } from "./schema.ts";

/** A document as it is kept: `_id` for `id`. */
export type Kept<T extends { id: string }> = Omit<T, "id"> & { _id: string };

export interface Table<T extends { id: string }> {
  readonly name: string;
  /** The native collection, for hot paths. */
  native(): Collection<Kept<T>>;
  /** The mongoose model: casts and checks against the contract's fields. */
  model(): Model<Kept<T>>;
}

interface Registered {
  readonly name: string;
  readonly indexes: readonly IndexDescription[];
}

/** Who has a database: every service, and the gateway, which keeps no contract. */
type Owner = ServiceName | "gateway";

const tables = new Map<Owner, Registered[]>();

/**
 * Declares a collection of a service: its shape, and the indexes for every filter and sort that
 * the service offers.
 */
export function collection<S extends Shape & { id: Shape[string] }>(
  service: Owner,
  name: string,
  shape: S,
  indexes: readonly IndexDescription[],
): Table<Received<S> & { id: string }> {
  type T = Received<S> & { id: string };
  const schema = schemaOf(shape);
  const registered = tables.get(service) ?? [];
  tables.set(service, [...registered.filter((one) => one.name !== name), { name, indexes }]);
  return {
    name,
    native: () => nativeOf(database(service), name),
    model() {
      const connection = database(service);
      return (connection.models[name] ?? connection.model(name, schema, name)) as Model<Kept<T>>;
    },
  };
}

/** Collections by client, database and name: making one for each operation would cost more than many do. */
const natives = new WeakMap<object, Map<string, unknown>>();

/** The native collection of a name; mongoose types its driver apart from ours. */
export function nativeOf<D extends Document>(connection: Connection, name: string): Collection<D> {
  const client = connection.getClient();
  const known = natives.get(client) ?? new Map<string, unknown>();
  natives.set(client, known);
  const place = `${connection.name}.${name}`;
  const there = known.get(place) ?? client.db(connection.name).collection(name);
  known.set(place, there);
  return there as Collection<D>;
}

/** Creates what is missing: collections (a transaction cannot wait for that) and indexes. */
export async function prepare(service: Owner, more: readonly Registered[] = []): Promise<void> {
  const connection = database(service);
  const db = connection.getClient().db(connection.name);
  const there = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map((one) => one.name),
  );
  for (const { name, indexes } of [...(tables.get(service) ?? []), ...more]) {
    // a first index makes its collection, too
    if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
    else if (!there.has(name)) await db.createCollection(name).catch(ignoreExisting);
  }
}

const NamespaceExists = 48;
function ignoreExisting(error: unknown): void {
  if ((error as { code?: number }).code !== NamespaceExists) throw error;
}

/** `_id` outside is `id`. */
export function entityOf<T extends { id: string }>(kept: Kept<T>): T {
  const { _id, ...rest } = kept;
  return { id: _id, ...rest } as unknown as T;
}

export function keptOf<T extends { id: string }>(entity: T): Kept<T> {
  const { id, ...rest } = entity;
  return { _id: id, ...rest };
}

const DuplicateKey = 11_000;

/** Whether a write was refused by a unique index; with a name, by that index. */
export function isDuplicate(error: unknown, index?: string): boolean {
  const { code, message } = error as { code?: number; message?: string };
  return code === DuplicateKey && (!index || Boolean(message?.includes(index)));
}

/**
 * Inserts the documents that are not there yet; answers the positions of those that were. Each is
 * on its own: a double fails none of the others.
 * @throws the database's error where it is not sure of the others
 */
export async function insertNew<D extends Document>(
  collection: Collection<D>,
  documents: readonly D[],
): Promise<number[]> {
  try {
    const all = documents as Parameters<Collection<D>["insertMany"]>[0];
    await collection.insertMany(all, { ordered: false });
    return [];
  } catch (error) {
    const { writeErrors } = error as { writeErrors?: { code: number; index: number }[] };
    const refused = [writeErrors ?? []].flat();
    const other = refused.some(({ code }) => code !== DuplicateKey);
    if (refused.length === 0 || other || lacksMajority(error)) throw error;
    return refused.map(({ index }) => index);
  }
}

/** A bulk write may meet doubles and an unsure majority at once; then nothing may be promised. */
const lacksMajority = (error: unknown): boolean =>
  Boolean(
    (
      error as { result?: { getWriteConcernError?: () => unknown } }
    ).result?.getWriteConcernError?.(),
  );
