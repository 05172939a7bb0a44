/**
 * The main job beside its raw limit, side by side in one run on the same mongod: an inbound
 * message answered with its case, or on record, against the native driver making the same four
 * writes. Each is measured in turn, so that what else the machine does meets all.
 */
import { apart, type Servers } from "../tests/system/system.ts";
import { round, type Figures } from "./figures.ts";
import {
  measureProduct,
  startProduct,
  type Kind,
  type Product,
  type ProductFigures,
} from "./product.ts";
import { measureRaw, openRawLimit, type RawLimit } from "./raw-limit.ts";

export interface IntakeOptions {
  concurrencies: number[];
  seconds: number;
  /** How many processes of channels, customers and cases each. */
  replicas: number[];
}

export interface Row {
  kind: Kind;
  concurrency: number;
  replicas: number;
  raw: Figures;
  answered: ProductFigures;
  onRecord: ProductFigures;
  /** Messages a second as a share of the raw limit's. */
  answeredRatio: number;
  onRecordRatio: number;
}

const senders = 500;

/** Measures every kind, concurrency and number of replicas. */
export async function benchIntake(
  servers: Servers,
  { concurrencies, seconds, replicas }: IntakeOptions,
  tell: (line: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of replicas) {
    const raw = await openRawLimit(servers.mongodbUrl, senders);
    const product = await startProduct(servers, apart(count), senders);
    try {
      for (const kind of ["first", "next"] as const) {
        await measureProduct(product, kind, 16, 3); // warm
        await measureRaw(raw, kind, 16, 1);
        for (const concurrency of concurrencies) {
          const figures = await compare(raw, product, { kind, concurrency, seconds });
          rows.push({ ...figures, replicas: count });
          tell(line({ ...figures, replicas: count }));
        }
      }
    } finally {
      await product.system.stop();
      await raw.close();
    }
  }
  return rows;
}

async function compare(
  raw: RawLimit,
  product: Product,
  { kind, concurrency, seconds }: { kind: Kind; concurrency: number; seconds: number },
): Promise<Omit<Row, "replicas">> {
  const limit = await measureRaw(raw, kind, concurrency, seconds);
  const answered = await measureProduct(product, kind, concurrency, seconds);
  const onRecord = await measureProduct(product, kind, concurrency, seconds, "respond-async");
  await product.send(kind, "wait=30"); // what was only recorded is filed before the next figure
  return {
    kind,
    concurrency,
    raw: limit,
    answered,
    onRecord,
    answeredRatio: round(answered.perSecond / limit.perSecond),
    onRecordRatio: round(onRecord.perSecond / limit.perSecond),
  };
}

export const heading =
  "replicas kind  conc |   raw/s | answered/s ratio  p50  p95  p99 | on record/s ratio | CPU ms a message, all our processes";

const total = (cpu: Record<string, number>): number =>
  round(Object.values(cpu).reduce((sum, one) => sum + one, 0));

function line({ kind, concurrency, replicas, raw, answered, onRecord, ...ratios }: Row): string {
  const cells: [value: string, width: number][] = [
    [String(replicas), 8],
    [kind, 5],
    [String(concurrency), 4],
    ["|", 1],
    [raw.perSecond.toFixed(0), 7],
    ["|", 1],
    [answered.perSecond.toFixed(0), 10],
    [ratios.answeredRatio.toFixed(2), 5],
    [answered.p50.toFixed(0), 4],
    [answered.p95.toFixed(0), 4],
    [answered.p99.toFixed(0), 4],
    ["|", 1],
    [onRecord.perSecond.toFixed(0), 11],
    [ratios.onRecordRatio.toFixed(2), 5],
    ["|", 1],
    [total(answered.cpuMsPerMessage).toFixed(2), 4],
    [JSON.stringify(answered.cpuMsPerMessage), 1],
  ];
  return cells.map(([value, width]) => value.padStart(width)).join(" ");
}
