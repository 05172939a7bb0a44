/** Cases for tests: kept as they are, with whatever a test says of them. */
import type { Case } from "#shared/contracts/cases.ts";
import { newId } from "#shared/ids.ts";
import { keptOf } from "#shared/mongo/store.ts";
import { standingOf } from "./lines.rules.ts";
import { foundBy } from "./search.rules.ts";
import { cases, type KeptCase } from "./tables.store.ts";

let lastNumber = 500_000;

/** A case of which only what matters to a test is said. */
export function aCase(said: Partial<Case> = {}): Case {
  lastNumber += 1;
  const at = said.createdAt ?? new Date("2026-03-01T10:00:00Z");
  return {
    id: newId(),
    number: lastNumber,
    status: "new",
    priority: "medium",
    description: "",
    campaignId: newId(),
    customerId: newId(),
    interactionCount: 0,
    unreadCount: 0,
    version: 1,
    createdAt: at,
    updatedAt: at,
    ...said,
  };
}

/** Keeps cases as if they had always been there; the cases service must have started. */
export async function keep<C extends Case>(...kept: C[]): Promise<C[]> {
  const documents = kept.map((kase) =>
    keptOf<KeptCase>({ ...kase, ...foundBy(kase), ...standingOf(kase) }),
  );
  if (documents.length > 0) await cases.native().insertMany(documents);
  return kept;
}
