/** The cases of the bench in their database, as a service desk has them: the same ones each time. */
import { MongoClient, type Collection, type Db, type Document } from "mongodb";
import type { Case } from "#shared/contracts/cases.ts";
import type { Status } from "#shared/contracts/cases/status.ts";
import { keptOf } from "#shared/mongo/store.ts";
import { standingOf } from "../services/cases/lines.rules.ts";
import { foundBy } from "../services/cases/search.rules.ts";
import type { KeptCase } from "../services/cases/tables.store.ts";
import { person } from "./customers-people.ts";

export type Rows = Collection<Document & { _id: string }>;

export interface Opened {
  db: Db;
  cases: Rows;
  /** Puts in so many; the collection and its indexes are there. */
  fill: (count: number, tell: (line: string) => void) => Promise<void>;
  close: () => Promise<void>;
}

export const agentCount = 200;
export const big = "campaign-0";
const campaignCount = 10;
const titles =
  "order invoice router delivery refund problem account password late broken missing payment question address change product service charge cancel contract signal speed line card".split(
    " ",
  );

/** A number between 0 and 1 that is the same for the same place. */
const chance = (index: number, salt: number): number => {
  let mixed = Math.imul(index + 1, 2_654_435_761) ^ Math.imul(salt + 7, 2_246_822_519);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 2_246_822_519);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 3_266_489_917);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
};

const word = (index: number, salt: number): string =>
  titles[Math.floor(chance(index, salt) * titles.length)] ?? "";

/** Half of all cases are of one campaign; of a million a tenth is open there, the newest mostly. */
function aCase(index: number, count: number, now: number): Case {
  const isBig = chance(index, 1) < 0.5;
  const campaignId = isBig
    ? big
    : `campaign-${String(1 + Math.floor(chance(index, 2) * (campaignCount - 1)))}`;
  const age = (count - index) / count;
  const isOpen = isBig && chance(index, 3) < (age < 0.25 ? 0.7 : 0.034);
  const at = new Date(now - (count - index) * 30_000);
  const later = new Date(at.getTime() + chance(index, 4) * Math.min(864e5, now - at.getTime()));
  const { id: customerId, displayName: customerName, contactPoints } = person(index % 200_000);
  const from = contactPoints.find(({ type }) => type === "email")?.value;
  return {
    ...{ id: idOf(index, at), number: 1_001 + index, campaignId, customerId, customerName },
    ...{ status: statusOf(index, isOpen), priority: priorityOf(index), createdAt: at },
    subject: `${word(index, 6)} ${word(index, 7)} ${word(index, 8)} ${String(index % 5_003)}`,
    description: `${word(index, 9)} ${word(index, 10)} please help with my ${word(index, 11)}`,
    channelId: `channel-${String(Math.floor(chance(index, 12) ** 2 * 4))}`,
    interactionCount: 1,
    unreadCount: 0,
    lastCustomerUpdateAt: later,
    version: 2,
    updatedAt: later,
    ...(from ? { from } : {}),
    ...sometimes(index, { isOpen, later, now }),
  };
}

/** What only some cases have. */
function sometimes(
  index: number,
  { isOpen, later, now }: { isOpen: boolean; later: Date; now: number },
): Partial<Case> {
  const hasAgent = chance(index, 5) < (isOpen ? 0.6 : 0.95);
  return {
    ...(hasAgent
      ? { assigneeId: `agent-${String(Math.floor(chance(index, 13) * agentCount))}` }
      : {}),
    ...(chance(index, 14) < 0.1 ? { caseTypeId: `type-${String(index % 7)}` } : {}),
    ...(chance(index, 15) < 0.01 ? { flag: { by: "bench", at: later } } : {}),
    ...(chance(index, 16) < 0.02 && isOpen
      ? { nextActionAt: new Date(now + (chance(index, 17) - 0.5) * 864e5) }
      : {}),
  };
}

function statusOf(index: number, isOpen: boolean): Status {
  if (!isOpen) return "closed";
  const at = chance(index, 18);
  return at < 0.3 ? "new" : at < 0.97 ? "open" : at < 0.995 ? "transferred" : "escalated";
}

const priorityOf = (index: number): Case["priority"] => {
  const at = chance(index, 19);
  return at < 0.05 ? "high" : at < 0.85 ? "medium" : "low";
};

function idOf(index: number, at: Date): string {
  const time = at.getTime().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, "0")}`;
}

const atOnce = 2_000;

export async function openCases(url: string, database: string): Promise<Opened> {
  const client = await new MongoClient(url, { maxPoolSize: 40 }).connect();
  const db = client.db(database);
  const cases: Rows = db.collection("cases");
  return {
    db,
    cases,
    async fill(count, tell) {
      const now = Date.now();
      let inserted: Promise<unknown> = Promise.resolve();
      for (let start = 0; start < count; start += atOnce) {
        if (start > 0 && start % 200_000 === 0) tell(`${String(start)} cases are in`);
        const size = Math.min(atOnce, count - start);
        const rows = Array.from({ length: size }, (_, place) => {
          const kase = aCase(start + place, count, now);
          return keptOf<KeptCase>({ ...kase, ...foundBy(kase), ...standingOf(kase) });
        });
        await inserted;
        inserted = cases.insertMany(rows, { ordered: false, writeConcern: { w: 1 } });
      }
      await inserted;
      tell(
        `${String(await cases.countDocuments({ active: true }))} of ${String(count)} cases are open`,
      );
    },
    close: () => client.close(),
  };
}
