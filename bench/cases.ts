/** Lists of a million cases: each filter and sort, searches, pending lists, beside the driver's lookup. */
import { ServiceBroker } from "moleculer";
import type { Broker } from "#shared/bus.ts";
import type { Servers } from "../deploy/local/servers.ts";
import cases from "../services/cases/cases.service.ts";
import { big, openCases } from "./cases-kept.ts";
import { listQuestions, otherQuestions, type Question } from "./cases-questions.ts";
import { refuseScans } from "./scans.ts";
import { measured, type Figures } from "./figures.ts";

export interface CasesRow {
  what: string;
  service: Figures;
  /** How many were given up. */
  refused: number;
  raw?: Figures;
}

const concurrency = 16;
const goalMs = 50;

const scopes = [
  {
    ...{ campaignId: big, as: "agent" as const, channelIds: ["channel-0", "channel-1"] },
    ...{ agentsSeeAllCases: false, showOtherCampaigns: false },
  },
];

/**
 * Fills a database with so many cases and measures.
 * @throws where a question of the service reads a whole collection
 */
export async function benchCases(
  servers: Servers,
  { count, seconds }: { count: number; seconds: number },
  tell: (line: string) => void,
): Promise<CasesRow[]> {
  Object.assign(process.env, {
    MONGODB_URL: servers.mongodbUrl,
    NATS_URL: servers.natsUrl,
    NAMESPACE: "bench",
    LOG_LEVEL: "error",
  });
  const broker = new ServiceBroker({ logger: false, validator: false, registry: { stopDelay: 0 } });
  broker.createService(cases);
  broker.createService({ name: "campaigns", actions: { scopesOf: () => scopes } });
  await broker.start();
  const kept = await openCases(servers.mongodbUrl, "bench_cases");
  try {
    await kept.fill(count, tell);
    const caller = broker as unknown as Broker;
    const questions = [
      ...otherQuestions(caller, kept.cases, count),
      ...(await listQuestions(caller, kept.cases)),
    ];
    for (const question of questions) await refuseScans(kept.db, question, "cases");
    tell(`${"milliseconds, 16 at once".padEnd(46)} | driver p95 | service p50     p95`);
    const rows: CasesRow[] = [];
    for (const question of questions) {
      const row = await compare(question, seconds);
      tell(line(row));
      rows.push(row);
    }
    const over = rows.filter(({ service }) => service.p95 > goalMs).length;
    tell(`${String(over)} of ${String(rows.length)} are over ${String(goalMs)} ms`);
    return rows;
  } finally {
    await kept.close();
    await broker.stop();
  }
}

async function compare({ what, ask: asked, raw }: Question, seconds: number): Promise<CasesRow> {
  let refused = 0;
  const ask = () => asked().catch(() => (refused += 1)); // 503: it took longer than a list may
  await measured(ask, concurrency, seconds / 5);
  const limit = raw && (await measured(raw, concurrency, seconds));
  refused = 0;
  const service = await measured(ask, concurrency, seconds);
  return { what, service, refused, ...(limit ? { raw: limit } : {}) };
}

function line({ what, raw, refused, service: { p50, p95, done } }: CasesRow): string {
  const figure = (value: number | undefined) => (value?.toFixed(1) ?? "").padStart(10);
  const met = p95 > goalMs ? "  over" : "";
  const not = refused > 0 ? `, ${String(refused)} of ${String(done)} not answered` : "";
  return `${what.padEnd(46)} | ${figure(raw?.p95)} | ${figure(p50)} ${figure(p95)}${met}${not}`;
}
