/** Cases beside customers who are merged as a test goes on. */
import type { Filed } from "#shared/contracts/cases.ts";
import type { Identity } from "#shared/contracts/customers/merge.ts";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import cases from "./cases.service.ts";

const administrator = as("administrator");

/** Who was merged into whom, as customers would answer. */
function peopleOf() {
  const identities = new Map<string, Identity>();
  const gone = new Map<string, string>();
  const identified = (id: string): Identity =>
    identities.get(id) ?? { id, survivorId: id, casesWith: id, sharing: [id] };
  const described = (id: string) => {
    const mergedInto = gone.get(id);
    return { id, name: `Name of ${id.slice(-4)}`, ...(mergedInto ? { mergedInto } : {}) };
  };
  return {
    neighbour: standIn("customers", {
      identify: ({ params: { ids } }) => ids.map(identified),
      describe: ({ params: { ids } }) => ids.filter((id) => id !== "unknown").map(described),
    }),
    merge(survivorId: string, absorbedId: string, withCases: boolean) {
      const sharing = withCases ? [survivorId, absorbedId] : [survivorId];
      const kept = { id: survivorId, survivorId, casesWith: survivorId, sharing };
      identities.set(survivorId, kept);
      identities.set(
        absorbedId,
        withCases
          ? { ...kept, id: absorbedId }
          : { id: absorbedId, survivorId, casesWith: absorbedId, sharing: [absorbedId] },
      );
      gone.set(absorbedId, survivorId);
    },
  };
}

async function announceMerge(survivorId: string, absorbedId: string, withCases: boolean) {
  await write("customers", administrator, (tx) => {
    tx.announce({
      event: "customers.merged",
      aggregate: { kind: "customer", id: survivorId, version: 2 },
      data: { mergeId: newId(), survivorId, absorbedId, cases: withCases },
    });
    return Promise.resolve();
  });
  await takenIn("cases", "customers.merged");
}

/** The cases service beside customers, of whom some are merged as a test goes on. */
export async function startCases() {
  const people = peopleOf();
  const campaigns = standIn("campaigns", { scopesOf: () => [] });
  const bus = await startBus(cases, campaigns, people.neighbour);
  await prepare("customers", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("customers", testLogger());
  onTestFinished(() => relay.stop());

  return {
    bus,
    merge: async (survivorId: string, absorbedId: string, withCases = true) => {
      people.merge(survivorId, absorbedId, withCases);
      await announceMerge(survivorId, absorbedId, withCases);
    },
    get: (id: string) => bus.call("cases.get", { id }, administrator),
    replace: (id: string, version: number, customerId: string) =>
      bus.call("cases.replaceCustomer", { id, version, customerId }, administrator),
    /** Files a message; answers its case. */
    file: async (
      customerId: string,
      campaignId: string,
      channelId: string,
      formerIds: string[] = [],
    ) => {
      const who = { customerId, campaignId, channelId, formerIds };
      const filing = { interactionId: newId(), ...who, at: new Date(), preview: "Hello" };
      const [filed] = await bus.call("cases.file", { filings: [filing] });
      return filed as Filed;
    },
  };
}
