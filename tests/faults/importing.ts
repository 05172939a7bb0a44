/** An import that is drilled: its workbook, and what must be so when it is over (P6). */
import { MongoClient } from "mongodb";
import { bookOf } from "../workbook.ts";

/** So many customers, every tenth with two accounts in rows of its own, every hundredth row bad. */
export async function aBook(rows: number): Promise<{ bytes: Buffer; bad: number }> {
  let bad = 0;
  const all = Array.from({ length: rows }, (_, place) => {
    const isBad = place % 100 === 99;
    if (isBad) bad += 1;
    const customer = place % 10 === 1 ? place - 1 : place;
    return [
      "CC",
      isBad ? "" : `9${String(customer).padStart(9, "0")}`,
      `Ada ${String(customer)}`,
      `A-${String(place)}`,
    ];
  });
  const headings = ["Document type", "Document number", "First name", "Account number"];
  return { bytes: await bookOf([headings, ...all]), bad };
}

export class Imported {
  readonly #client: MongoClient;
  readonly #namespace: string;

  constructor(mongodbUrl: string, namespace: string) {
    this.#client = new MongoClient(mongodbUrl);
    this.#namespace = namespace;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #of(service: string, collection: string) {
    return this.#client.db(`${this.#namespace}_${service}`).collection<{ _id: string }>(collection);
  }

  /** What is not as it must be: every row exactly once done or rejected. */
  async faults(importId: string, rows: number, bad: number): Promise<string[]> {
    const kept = await this.#of("imports", "rows")
      .find<{
        row: number;
        outcome: string;
        customerId?: string;
        accountId?: string;
        caseId?: string;
      }>({ importId })
      .toArray();
    const done = kept.filter(({ outcome }) => outcome === "done");
    const counted: [string, number, number][] = [
      ["rows", kept.length, rows],
      ["rows that are done", done.length, rows - bad],
      ["rows that are rejected", kept.filter(({ outcome }) => outcome === "rejected").length, bad],
      ["cases of rows", new Set(done.map(({ caseId }) => caseId)).size, rows - bad],
      ["accounts of rows", new Set(done.map(({ accountId }) => accountId)).size, rows - bad],
      [
        "cases",
        await this.#of("cases", "cases").countDocuments({ createdAt: { $exists: true } }),
        rows - bad,
      ],
      ["accounts", await this.#of("customers", "accounts").countDocuments({}), rows - bad],
      [
        "customers",
        await this.#of("customers", "customers").countDocuments({}),
        new Set(done.map(({ customerId }) => customerId)).size,
      ],
    ];
    return [
      ...counted.flatMap(([what, is, expected]) =>
        is === expected ? [] : [`${what}: ${String(is)} instead of ${String(expected)}`],
      ),
      ...(await this.#toldTwice("customers", "customers.created")),
      ...(await this.#toldTwice("customers", "customers.accountAdded")),
      ...(await this.#toldTwice("cases", "cases.created")),
    ];
  }

  async #toldTwice(service: string, event: string): Promise<string[]> {
    const twice = await this.#of(service, "outbox")
      .aggregate<{ _id: string; times: number }>([
        { $unwind: "$events" },
        { $match: { "events.name": event } },
        { $group: { _id: "$events.data.id", times: { $sum: 1 } } },
        { $match: { times: { $gt: 1 } } },
      ])
      .toArray();
    return twice.map(({ _id, times }) => `${event} of ${_id} was told ${String(times)} times`);
  }
}
