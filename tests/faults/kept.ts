/** Reads all that services have kept, past them. */
import { MongoClient } from "mongodb";

export type Row<T> = T & { _id: string };

/** All rows of a collection, or these fields of them. */
export type ReadAll = <T>(
  service: string,
  collection: string,
  fields?: Record<string, 1>,
) => Promise<T[]>;

/** Opens the databases of a namespace for `read`, and closes them. */
export async function readKept<T>(
  url: string,
  namespace: string,
  read: (all: ReadAll) => Promise<T>,
): Promise<T> {
  const client = await new MongoClient(url).connect();
  try {
    return await read(async <R>(service: string, name: string, projection = {}) => {
      const rows = client.db(`${namespace}_${service}`).collection(name);
      return (await rows.find({}, { projection }).toArray()) as unknown as R[];
    });
  } finally {
    await client.close();
  }
}
