/** Next actions in the database of a running system, and what was told of them (P13). */
import { MongoClient, type Db } from "mongodb";
import { newId } from "#shared/ids.ts";
import { until } from "#shared/testing/until.ts";

/** What a reminder is to say, by the case. */
export type Planted = Map<string, { activityId: string; userId: string; dueAt: number }>;

type Row = { _id: string } & Record<string, unknown>;

/** The database of cases in one installation. */
export class Timers {
  readonly #client: MongoClient;
  readonly #database: Db;

  constructor(url: string, namespace: string) {
    this.#client = new MongoClient(url);
    this.#database = this.#client.db(`${namespace}_cases`);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Waits until somebody reminds: then everything is there that it needs. */
  async attended(): Promise<void> {
    const leases = this.#database.collection<{ _id: string }>("leases");
    await until(() => leases.findOne({ _id: "reminders" }), { withinMs: 60_000 });
  }

  /** Plans next actions of as many cases, one after the other between these times. */
  async plant(count: number, { from, to }: { from: number; to: number }): Promise<Planted> {
    const planted: Planted = new Map();
    const kept: Row[] = [];
    const activities: Row[] = [];
    for (let place = 0; place < count; place += 1) {
      const [caseId, activityId, userId] = [newId(), newId(), newId()];
      const dueAt = Math.floor(from + ((to - from) * place) / count);
      planted.set(caseId, { activityId, userId, dueAt });
      kept.push(aCase(caseId, place + 1, userId, new Date(dueAt)));
      activities.push({ _id: activityId, caseId, createdAt: new Date(), createdBy: userId });
    }
    await this.#database.collection<Row>("activities").insertMany(activities);
    await this.#database.collection<Row>("cases").insertMany(kept);
    return planted;
  }

  /** How many are yet to be told of. */
  outstanding = (): Promise<number> =>
    this.#database.collection("cases").countDocuments({ reminderFor: { $exists: true } });

  /** What differs from once each, to the right one, of the right thing. */
  async faults(planted: Planted): Promise<string[]> {
    const told = Map.groupBy(await this.#told(), ({ id }) => id);
    const strangers = [...told.keys()].filter((id) => !planted.has(id));
    return [
      ...strangers.map((id) => `${id} was never planned`),
      ...[...planted].flatMap(([id, expected]) => {
        const [first, ...more] = told.get(id) ?? [];
        if (!first) return [`${id} was not told of`];
        if (more.length > 0) return [`${id} was told of ${String(more.length + 1)} times`];
        const isRight =
          first.activityId === expected.activityId &&
          first.userId === expected.userId &&
          first.dueAt.getTime() === expected.dueAt;
        return isRight ? [] : [`${id} was told of wrongly`];
      }),
    ];
  }

  async #told() {
    const rows = await this.#database
      .collection<{ events: Reminder[] }>("outbox")
      .find({ "events.name": "cases.reminderDue" })
      .toArray();
    return rows.flatMap(({ events }) =>
      events.flatMap(({ name, data }) => (name === "cases.reminderDue" ? [data] : [])),
    );
  }
}

interface Reminder {
  name: string;
  data: { id: string; activityId: string; userId: string; dueAt: Date };
}

const aCase = (id: string, number: number, assigneeId: string, nextActionAt: Date): Row => ({
  ...{ _id: id, number, status: "open", priority: "medium", description: "", searchWords: [] },
  ...{ campaignId: "drill", customerId: newId(), assigneeId, line: `user|${assigneeId}`, rank: 2 },
  ...{ interactionCount: 0, unreadCount: 0, activityCount: 1, version: 1 },
  ...{ createdAt: new Date(), updatedAt: new Date(), nextActionAt, reminderFor: nextActionAt },
});
