/**
 * `npm run bench -- similar`: how well and how fast similar customers are found, through HTTP, on
 * labelled people (tests/people) whom the weights were not estimated on.
 */
import { MongoClient } from "mongodb";
import { lookupsOf } from "../services/customers/customers.rules.ts";
import { keptWith } from "../services/customers/customers.store.ts";
import type { Labelled } from "../tests/people/population.ts";
import { population } from "../tests/people/population.ts";
import { qualityOf, type Found, type Quality } from "../tests/people/quality.ts";
import {
  expected,
  startSystem,
  together,
  type Servers,
  type System,
} from "../tests/system/system.ts";
import { measured, round, type Figures } from "./figures.ts";

export interface SimilarOptions {
  customers: number;
  /** People who stand there more than once, and who are searched for. */
  people: number;
  seconds: number;
}

export interface SimilarResult {
  customers: number;
  searches: number;
  quality: Quality;
  latency: Figures[];
}

/** The weights are estimated on the first, and measured on the second. */
export const seeds = { tuning: 1, heldOut: 3 };

/** Fills a product's database, searches for everybody who is there twice, and prints a table. */
export async function benchSimilar(
  servers: Servers,
  { customers, people, seconds }: SimilarOptions,
  tell: (line: string) => void,
): Promise<SimilarResult> {
  const system = await startSystem(servers, together);
  try {
    const filled = await fill(servers.mongodbUrl, system, { customers, people });
    tell(`${customers} customers made in ${filled.seconds} s`);
    const quality = await qualityOf(filled.known, ({ customer }) => search(system, customer.id));
    const latency: Figures[] = [];
    for (const concurrency of [1, 4]) {
      let turn = 0;
      const next = () => filled.some[(turn++ * 7_919) % filled.some.length] ?? "";
      await measured(() => search(system, next()), concurrency, 1); // warm
      latency.push(await measured(() => search(system, next()), concurrency, seconds));
    }
    const result = { customers, searches: filled.known.length, quality, latency };
    linesOf(result).forEach(tell);
    return result;
  } finally {
    await system.stop();
  }
}

interface Filled {
  known: Labelled[];
  /** Ids of customers of all kinds. */
  some: string[];
  seconds: number;
}

const batchSize = 2_000;
const mostSome = 20_000;

/** Writes customers as the service would, past it: by its rules, many at a time. */
async function fill(
  url: string,
  { environment }: System,
  { customers, people }: { customers: number; people: number },
): Promise<Filled> {
  const began = Date.now();
  const client = await new MongoClient(url).connect();
  const table = client
    .db(`${environment["NAMESPACE"] ?? ""}_customers`)
    .collection<ReturnType<typeof keptWith>>("customers");
  const known: Labelled[] = [];
  const some: string[] = [];
  const every = Math.ceil(customers / mostSome);
  let made = 0;
  let batch: ReturnType<typeof keptWith>[] = [];
  const write = async () => {
    if (batch.length > 0) await table.insertMany(batch, { ordered: false });
    batch = [];
  };
  for (const one of population({ seed: seeds.heldOut, people, customers })) {
    batch.push(keptWith(one.customer, lookupsOf(one.customer)));
    if (one.person !== undefined) known.push(one);
    if (made++ % every === 0) some.push(one.customer.id);
    if (batch.length === batchSize) await write();
  }
  await write();
  await client.close();
  return { known, some, seconds: Math.round((Date.now() - began) / 1_000) };
}

async function search({ http, token }: System, id: string): Promise<Found[]> {
  const answer = await http("GET", `/api/v1/customers/${id}/similar`, { token });
  const { items } = expected(answer, 200).json<{
    items: { customer: { id: string }; likelySame: boolean }[];
  }>();
  return items.map(({ customer, likelySame }) => ({ id: customer.id, likelySame }));
}

function linesOf({ customers, searches, quality, latency }: SimilarResult): string[] {
  const share = (value: number) => value.toFixed(3);
  return [
    `similar customers among ${customers}, ${searches} searches with ${quality.pairs} true pairs`,
    "likely the same: precision  recall | among the first five | recall of all pairs",
    `${share(quality.precision).padStart(26)} ${share(quality.recall).padStart(7)} | ` +
      `${share(quality.amongFirstFive).padStart(20)} | ${share(quality.recallOfAll).padStart(19)}`,
    "conc  searches/s   p50   p95   p99 (ms, through HTTP)",
    ...latency.map(({ concurrency, perSecond, p50, p95, p99 }) =>
      [
        String(concurrency).padStart(4),
        String(round(perSecond)).padStart(11),
        ...[p50, p95, p99].map((ms) => ms.toFixed(0).padStart(5)),
      ].join(" "),
    ),
  ];
}
