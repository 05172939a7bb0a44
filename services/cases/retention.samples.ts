/** What tests of retention begin with: a campaign that keeps cases for 30 days, and neighbours. */
import type { ServiceSchema } from "moleculer";
import type { Case } from "#shared/contracts/cases.ts";
import { notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import type { ActionHandlers } from "#shared/service.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { until } from "#shared/testing/until.ts";
import { aCase, keep } from "./a-case.ts";
import cases from "./cases.service.ts";

export const administrator = as("administrator");

const days = 86_400_000;
export const daysAgo = (count: number) => new Date(Date.now() - count * days);

type Channels = Partial<ActionHandlers<"channels">>;
const nothing = { kind: "interaction", stays: "times", ids: [], changed: 0, traces: 0 };

/**
 * The cases service with a campaign of its own. What it is told to do to a neighbour's content is
 * noted in `asked`.
 */
export async function start(more: { channels?: Channels; without?: "customers" } = {}) {
  const campaignId = newId();
  const state = { retentionDays: 30 as number | undefined, held: [] as string[] };
  const asked: string[][] = [];
  const services = [
    ...[cases, standIn("campaigns", campaignsOf(campaignId, state))],
    ...keepers({ asked, channels: more.channels ?? {} }),
  ];
  const customers = standIn("customers", {
    underLegalHold: ({ params: { ids } }) => ids.filter((one) => state.held.includes(one)),
  });
  const bus = await startBus(...services, ...(more.without === "customers" ? [] : [customers]));

  /** A case that was closed so many days ago. */
  const aClosed = async (closed: number, said: Partial<Case> = {}) => {
    const at = {
      campaignId,
      status: "closed",
      closedAt: daysAgo(closed),
      closedBy: "ada",
    } as const;
    const kase = aCase({ ...at, ...said });
    await keep(kase);
    return kase;
  };
  const begin = (said: object = {}) =>
    bus.call("cases.startRetention", { id: campaignId, ...said }, administrator);
  const run = (id: string) => bus.call("cases.getRetentionRun", { id }, administrator);
  const over = (id: string, expected = "done") =>
    until(async () => {
      const one = await run(id);
      return one.state === expected ? one : undefined;
    });
  const ended = async (said: object = {}) => over((await begin(said)).id);
  const read = (id: string) => bus.call("cases.get", { id }, administrator);
  return { bus, campaignId, state, asked, aClosed, begin, run, over, ended, read, customers };
}

const campaignsOf = (campaignId: string, state: { retentionDays: number | undefined }) =>
  ({
    describe({ params: { id } }) {
      if (id !== campaignId) throw notFound("campaign", id);
      return aCampaign(id);
    },
    retentions({ params: { id } }) {
      const { retentionDays } = state;
      const isAsked = retentionDays !== undefined && (id ?? campaignId) === campaignId;
      return { items: isAsked ? [{ id: campaignId, retentionDays }] : [], nextCursor: null };
    },
  }) satisfies Partial<ActionHandlers<"campaigns">>;

/** Who keeps something of cases, beside the cases service, and whose change log it is. */
const keepers = ({
  asked,
  channels,
}: {
  asked: string[][];
  channels: Channels;
}): ServiceSchema[] => [
  standIn("channels", {
    removeCaseContent({ params: { caseIds } }) {
      asked.push(caseIds);
      return { ...nothing, nextCursor: null };
    },
    countCaseContent: () => [{ kind: "interaction", stays: "times", count: 2 }],
    ...channels,
  }),
  standIn("files", {
    removeCaseContent: () => ({ ...nothing, kind: "file", nextCursor: null }),
    countCaseContent: () => [],
  }),
  standIn("audit", { eraseValues: () => ({ found: 0, changed: 0, nextCursor: null }) }),
];

/** What was told of the content of a case. */
export const toldOf = async (id: string) =>
  (await announced("cases", "cases.contentRemoved")).filter(({ data }) => data.id === id);
