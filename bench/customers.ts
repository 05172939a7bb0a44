/**
 * The list of customers among very many: searches, filters, sorts, pages far down, and who a
 * message is from. Each is asked of the running service by its broker, in this process, and beside
 * it the driver makes the same indexed lookup on the same collection, one after the other.
 */
import { ServiceBroker } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import type { Servers } from "../tests/system/system.ts";
import customers from "../services/customers/customers.service.ts";
import { casesOf, type Case } from "./customers-cases.ts";
import { openCustomers } from "./customers-kept.ts";
import { refuseScans } from "./scans.ts";
import { measured, round, type Figures } from "./figures.ts";

export interface CustomersRow {
  what: string;
  raw: Figures;
  service: Figures;
  /** What the service's 95th percentile may be: three times the driver's, and 5 ms. */
  goalMs: number;
}

const seconds = 1.5;
const warmSeconds = 0.3;

/**
 * Fills a database with so many customers and measures.
 * @throws where a question of the service reads a whole collection
 */
export async function benchCustomers(
  servers: Servers,
  count: number,
  tell: (line: string) => void,
): Promise<CustomersRow[]> {
  Object.assign(process.env, {
    MONGODB_URL: servers.mongodbUrl,
    NATS_URL: servers.natsUrl,
    NAMESPACE: "bench",
    LOG_LEVEL: "error",
  });
  const broker = new ServiceBroker({ logger: false, validator: false, registry: { stopDelay: 0 } });
  broker.createService(customers);
  await broker.start();
  const kept = await openCustomers(servers.mongodbUrl, "bench_customers");
  try {
    await kept.fill(count, tell);
    const cases = casesOf(broker as unknown as Broker, kept, count);
    for (const one of cases) await refuseScans(kept.db, one);
    tell(heading);
    const rows: CustomersRow[] = [];
    for (const one of cases) {
      rows.push(await compare(one));
      tell(line(rows.at(-1) as CustomersRow));
    }
    return rows;
  } finally {
    await kept.close();
    await broker.stop();
  }
}

async function compare({ what, ask, raw }: Case): Promise<CustomersRow> {
  await measured(raw, 1, warmSeconds);
  await measured(ask, 1, warmSeconds);
  const limit = await measured(raw, 1, seconds);
  const service = await measured(ask, 1, seconds);
  return { what, raw: limit, service, goalMs: round(3 * limit.p95 + 5) };
}

const heading =
  "milliseconds                                 | driver  p50     p95 | service p50     p95 |    goal";

function line({ what, raw, service, goalMs }: CustomersRow): string {
  const [rawP50, rawP95, p50, p95, goal] = [raw.p50, raw.p95, service.p50, service.p95, goalMs].map(
    (value, place) => value.toFixed(1).padStart([11, 7, 11, 7, 7][place] ?? 7),
  );
  const met = service.p95 <= goalMs ? "" : "  over";
  return `${what.padEnd(44)} |${rawP50 ?? ""} ${rawP95 ?? ""} |${p50 ?? ""} ${p95 ?? ""} | ${goal ?? ""}${met}`;
}
