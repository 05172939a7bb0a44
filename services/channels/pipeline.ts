/**
 * The way of a recorded message or call to its case: whose it is, which case it belongs to, and what then
 * is kept of both. Each step takes many messages at once (group commit) and may be repeated: a
 * crash anywhere is healed by going the way again.
 */
import type { Broker } from "#shared/bus.ts";
import { system } from "#shared/actor.ts";
import type { Resolved, Sender } from "#shared/contracts/customers/customer.ts";
import { unavailable } from "#shared/errors.ts";
import { groupCommit } from "#shared/group-commit.ts";
import { capabilitiesOf } from "./channel-types.rules.ts";
import { channelsAtHand } from "./channels.store.ts";
import * as store from "./interactions.store.ts";
import type { KeptInteraction, Settlement } from "./interactions.store.ts";
import * as rules from "./receiving.rules.ts";

/**
 * Answers the record once it is settled: filed, blocked or failed. Records that nobody waits for
 * yield to those that somebody does.
 */
export type Finish = (
  record: KeptInteraction,
  options: { isAwaited: boolean },
) => Promise<KeptInteraction>;

/**
 * While a batch is on its way the next one gathers, so that the busier it is the more messages share
 * each round trip. A second batch goes beside it once it is large, and has none of its senders: two
 * batches that write to one customer or one case would wait for each other.
 */
const limits = { maxBatch: 256, maxWaiting: 5_000 };
const awaited = {
  ...limits,
  lanes: 2,
  gatherMs: 2,
  worthwhile: 16,
  keyOf: (record: KeptInteraction) => rules.customersAddress(record).value.toLowerCase(),
};

/** Few large batches, one at a time: they leave the machine to the recording of messages. */
const unawaited = { ...limits, lanes: 1, gatherMs: 50 };

const meta = { actor: system };

interface Known {
  record: KeptInteraction;
  sender: Sender;
  who: Resolved;
  threads: boolean;
}

/** The pipeline of one process; a message that is under way is joined, not sent twice. */
export function pipeline(broker: Broker): Finish {
  const underWay = new Map<string, Promise<KeptInteraction>>();
  const finishMany = (records: KeptInteraction[]) => finishAll(broker, records);
  const atOnce = groupCommit(finishMany, awaited);
  const later = groupCommit(finishMany, unawaited);

  return (record, { isAwaited }) => {
    const joined = underWay.get(record.id);
    if (joined) return joined;
    const finish = isAwaited ? atOnce : later;
    const finishing = finish(record).finally(() => underWay.delete(record.id));
    underWay.set(record.id, finishing);
    return finishing;
  };
}

/** Brings a batch all the way; a message whose files cannot be claimed is left for the sweeper. */
async function finishAll(
  broker: Broker,
  records: KeptInteraction[],
): Promise<(KeptInteraction | Error)[]> {
  // First of all, so that no file goes away while its message waits for a neighbour.
  const faults = await Promise.all(records.map((record) => claim(broker, record)));
  const known = await identifyAll(broker, records);
  const unfiled = known.map(unfit);
  const toFile = known.filter((_one, index) => !unfiled[index]);
  const filed = toFile.length > 0 ? await fileAll(broker, toFile) : [];
  const settlements = unfiled.map((one) => one ?? (filed.shift() as Settlement));
  for (const [index, record] of records.entries()) {
    faults[index] ??= await claim(broker, record, settlements[index]);
  }
  const due = records.flatMap((record, index) =>
    faults[index] ? [] : [{ record, settled: settlements[index] as Settlement }],
  );
  await store.settleAll(due);
  return records.map((record, index) => faults[index] ?? { ...record, ...settlements[index] });
}

/** Ties a message's files to it and, once that is known, to its case; answers why where that fails. */
async function claim(
  broker: Broker,
  { id, attachments }: KeptInteraction,
  { caseId, customerId }: Partial<Settlement> = {},
): Promise<Error | undefined> {
  if (attachments.length === 0) return undefined;
  const owner = {
    ownerKind: "interaction",
    ownerId: id,
    ...(caseId ? { caseId } : {}),
    ...(customerId ? { customerId } : {}),
  };
  try {
    await broker.call("files.claim", { ids: attachments.map((one) => one.id), ...owner }, { meta });
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** What becomes of a message that opens nothing: its sender is blocked or cannot be read. */
function unfit({ record, who, sender }: Known): Settlement | undefined {
  if (who.customerId && !who.blocked) return undefined;
  const key = rules.keyOf(sender);
  const unfiled = { id: record.id, ...(key ? { senderKey: key } : {}) };
  if (who.blocked) return { ...unfiled, state: "blocked" };
  return { ...unfiled, state: "failed", failure: who.fault ?? "The sender cannot be read" };
}

async function identifyAll(broker: Broker, records: KeptInteraction[]): Promise<Known[]> {
  const channels = await channelsAtHand([...new Set(records.map(({ channelId }) => channelId))]);
  const known = records.map((record) => {
    const channel = channels.get(record.channelId);
    if (!channel) throw unavailable("A channel cannot be read");
    return { record, channel, threads: capabilitiesOf(channel.type).threads };
  });
  const senders = known.map(({ record, channel }) => rules.customerBehind(record, channel));
  const resolved = await broker.call("customers.resolve", { senders }, { meta });
  return known.map(({ record, threads }, index) => ({
    record,
    threads,
    sender: senders[index] as Sender,
    who: resolved[index] as Resolved,
  }));
}

async function fileAll(broker: Broker, known: Known[]): Promise<Settlement[]> {
  const answered = await store.casesAnswered(known.map(({ record }) => record));
  const filings = known.map(({ record, who, threads }) => {
    const answersCaseId = answered.get(`${record.channelId} ${record.inReplyTo ?? ""}`);
    const customerId = who.customerId as string;
    return rules.filingOf(record, { ...who, customerId }, { threads, answersCaseId });
  });
  const filed = await broker.call("cases.file", { filings }, { meta });
  return known.map(({ record, who }, index) => {
    const { fault, caseId, number, seq, ...one } = filed[index] as (typeof filed)[0];
    if (fault !== undefined || !caseId || !number || !seq) {
      return { id: record.id, state: "failed", failure: fault ?? "It cannot be filed" };
    }
    return rules.settledWith(
      record,
      { ...who, customerId: who.customerId as string },
      { ...one, caseId, number, seq },
    );
  });
}
