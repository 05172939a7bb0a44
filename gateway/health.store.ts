/** Whether the database answers. */
import { database } from "#shared/mongo/connection.ts";

/** @throws when it does not answer within `timeoutMs` */
export async function pingDatabase(timeoutMs: number): Promise<void> {
  const connection = database("gateway");
  await connection.getClient().db(connection.name).command({ ping: 1 }, { timeoutMS: timeoutMs });
}
