/** Cases beside neighbours that let them be merged; for tests. */
import type { CampaignScope } from "#shared/contracts/campaigns.ts";
import type { Case } from "#shared/contracts/cases.ts";
import type { Filed, Filing } from "#shared/contracts/cases/filing.ts";
import type { Joining } from "#shared/contracts/cases/merge.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import { conflict, unavailable } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { unmerged } from "#shared/testing/customers.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

export const administrator = as("administrator");

/** What a test says of the neighbours, and what they were asked. */
function aWorld() {
  return {
    scopes: [] as CampaignScope[],
    /** Campaigns whose cases may not be merged. */
    forbidding: new Set<string>(),
    files: 0,
    customersAre: "there" as "there" | "away" | "refusing",
    customersMerged: [] as { survivorId: string; absorbedId: string }[],
    conversations: [] as { caseId: string; joining?: Joining }[],
  };
}

type World = ReturnType<typeof aWorld>;

const plan = {
  contactPoints: { moved: [], doubled: [] },
  accounts: { moved: [], collided: [] },
  relations: { moved: [], dropped: [] },
  owners: { moved: [], left: [] },
  tags: { added: [], left: [] },
  counts: { contactPoints: 0, accounts: 0, relations: 0, owners: 0, tags: 0, cases: 1 },
};

const now = new Date("2026-03-01T10:00:00Z");
const aCustomer = (id: string): Customer => ({
  ...{ id, kind: "person", displayName: `Name of ${id}`, tags: [], contactPoints: [] },
  ...{ disabled: false, owners: [], version: 1, createdAt: now, updatedAt: now },
});

function customersOf(world: World) {
  const asked = <T>(answer: () => T): T => {
    if (world.customersAre === "away") throw unavailable("away");
    if (world.customersAre === "refusing") {
      throw conflict("TOO_MANY_ACCOUNTS", "Together they have too many accounts");
    }
    return answer();
  };
  return standIn("customers", {
    identify: unmerged,
    describe: ({ params: { ids } }) => ids.map((id) => ({ id, name: `Name of ${id}` })),
    previewMerge: ({ params: { survivorId, absorbedId } }) => ({
      ...{ survivor: aCustomer(survivorId), absorbed: aCustomer(absorbedId), plan },
    }),
    merge: ({ params: pair }) =>
      asked(() => {
        const { survivorId, absorbedId } = pair;
        world.customersMerged.push({ survivorId, absorbedId });
        const parts = { contactPoints: true, accounts: true, cases: true };
        const made = { counts: plan.counts, createdAt: now, createdBy: "bo" };
        const merge = { id: newId(), survivorId, absorbedId, parts, ...made };
        return { survivor: aCustomer(survivorId), merge: { ...merge, state: "moving" as const } };
      }),
  });
}

const neighboursOf = (world: World) => [
  customersOf(world),
  standIn("campaigns", {
    scopesOf: () => world.scopes,
    describe({ params: { id } }) {
      const { options, ...campaign } = aCampaign(id);
      return {
        ...campaign,
        options: { ...options, allowCaseMerge: !world.forbidding.has(id) },
      };
    },
  }),
  standIn("files", { countOfCases: () => ({ count: world.files }) }),
  standIn("channels", {
    conversation({ params: { caseId, joining } }) {
      world.conversations.push({ caseId, ...(joining ? { joining } : {}) });
      return { items: [], nextCursor: null };
    },
  }),
];

/** The cases service with the neighbours that a merge asks. */
export async function startMerging() {
  const world = aWorld();
  const bus = await startBus(cases, ...neighboursOf(world));
  const pair = async (own: Partial<Case> = {}, their: Partial<Case> = {}) => {
    const campaignId = newId();
    const [survivor, absorbed] = await keep(
      aCase({ campaignId, status: "open", ...own }),
      aCase({ campaignId, status: "open", ...their }),
    );
    return { survivor, absorbed } as { survivor: Case; absorbed: Case };
  };
  const asked = (
    { survivor, absorbed }: { survivor: Case; absorbed: Case },
    more: object = {},
  ) => ({
    id: survivor.id,
    otherCaseId: String(absorbed.number),
    survivorCaseId: survivor.id,
    ...more,
  });
  return {
    bus,
    world,
    pair,
    merge: (both: { survivor: Case; absorbed: Case }, more: object = {}, who = administrator) =>
      bus.call("cases.merge", asked(both, more), who),
    preview: (both: { survivor: Case; absorbed: Case }, more: object = {}, who = administrator) =>
      bus.call("cases.previewMerge", asked(both, more), who),
    get: (id: string, who = administrator) => bus.call("cases.get", { id }, who),
    file: async (said: Partial<Filing>): Promise<Filed> => {
      const filing = {
        ...{ interactionId: newId(), customerId: "ada", campaignId: "support", channelId: "web" },
        ...{ preview: "Hello", at: new Date(), ...said },
      };
      const [filed] = await bus.call("cases.file", { filings: [filing] });
      return filed as Filed;
    },
  };
}
