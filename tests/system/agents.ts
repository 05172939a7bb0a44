/** Agents of the running system at work: what they do is told as identity tells it. */
import { MongoClient } from "mongodb";
import type { EventName } from "#shared/bus.ts";
import { newId } from "#shared/ids.ts";
import type { System } from "./system.ts";

export type AgentState = "offline" | "available" | "busy" | "paused" | "wrapUp";

/** Lets identity announce what agents do since then, by default since now. */
export async function tellStates(
  system: System,
  userIds: readonly string[],
  state: AgentState,
  since = new Date(),
): Promise<void> {
  const told = userIds.map((userId) => ({
    aggregate: { kind: "agent", id: userId, version: 1 },
    data: { userId, state, since },
  }));
  await announce(system, "identity.agentStateChanged", told);
}

interface Announced {
  aggregate: { kind: string; id: string; version: number };
  data: object;
}

/** Lets a service announce events of one name. */
export async function announce(
  { environment }: System,
  name: EventName,
  events: readonly Announced[],
): Promise<void> {
  const [service = ""] = name.split(".");
  await inDatabase(environment, service, async (database) => {
    const rows = events.map(({ aggregate, data }) => ({
      _id: newId(),
      pending: true,
      events: [
        {
          ...{ name, aggregate, key: aggregate.id, data, changes: [], at: new Date() },
          actor: { kind: "system", id: "system" },
        },
      ],
    }));
    await database.collection<{ _id: string }>("outbox").insertMany(rows);
  });
}

export interface Handover {
  id: string;
  assigneeId: string | null;
  how: string;
}

/** How cases changed hands, as the cases service announced it. */
export const handovers = ({ environment }: System): Promise<Handover[]> =>
  inDatabase(environment, "cases", async (database) => {
    const rows = await database
      .collection<{ events: { name: string; data: Handover }[] }>("outbox")
      .find({ "events.name": "cases.assigned" })
      .sort({ _id: 1 })
      .toArray();
    return rows.flatMap(({ events }) =>
      events.flatMap(({ name, data }) => (name === "cases.assigned" ? [data] : [])),
    );
  });

/** Who has each open case. */
export const holders = ({ environment }: System): Promise<Map<string, string | undefined>> =>
  inDatabase(environment, "cases", async (database) => {
    const found = await database
      .collection<{ _id: string; assigneeId?: string }>("cases")
      .find()
      .toArray();
    return new Map(found.map(({ _id, assigneeId }) => [_id, assigneeId]));
  });

type Database = ReturnType<MongoClient["db"]>;

async function inDatabase<R>(
  environment: NodeJS.ProcessEnv,
  service: string,
  work: (database: Database) => Promise<R>,
): Promise<R> {
  const client = new MongoClient(String(environment["MONGODB_URL"]));
  try {
    return await work(client.db(`${String(environment["NAMESPACE"])}_${service}`));
  } finally {
    await client.close();
  }
}
