/** Visibility on a real database: the filter and the predicate must never disagree. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { CampaignScope } from "./contracts/campaigns.ts";
import type { Actor } from "./contracts/common.ts";
import { connect, database, disconnect } from "./mongo/connection.ts";
import { nativeOf } from "./mongo/store.ts";
import {
  readableOfCustomer,
  readsCase,
  seesCase,
  visibleCases,
  type Filter,
  type Placed,
} from "./visibility.ts";

const campaigns = ["north", "south", "west"];
const channels = ["mail", "chat"];
const people = ["ana", "bo"];

/** Every way in which a case can be placed. */
const placed = campaigns.flatMap((campaignId) =>
  [undefined, ...channels].flatMap((channelId) =>
    [undefined, ...people].map((assigneeId) => ({
      _id: [campaignId, channelId, assigneeId].join("-"),
      campaignId,
      ...(channelId ? { channelId } : {}),
      ...(assigneeId ? { assigneeId } : {}),
    })),
  ),
);

const scope = fc.record<CampaignScope>({
  campaignId: fc.constantFrom(...campaigns),
  as: fc.constantFrom("supervisor", "agent"),
  channelIds: fc.subarray(channels),
  agentsSeeAllCases: fc.boolean(),
  showOtherCampaigns: fc.boolean(),
  isLinked: fc.boolean(),
});
const scopes = fc.uniqueArray(scope, {
  selector: ({ campaignId, as }) => `${campaignId} ${as}`,
  maxLength: 4,
});
const actor = fc
  .record({
    kind: fc.constantFrom("user", "user", "user", "connector", "system"),
    id: fc.constantFrom(...people),
    role: fc.constantFrom("administrator", "supervisor", "agent", undefined),
  })
  .map(({ role, ...who }): Actor => ({ ...who, permissions: [], ...(role ? { role } : {}) }));

const table = () => nativeOf<(typeof placed)[number]>(database("cases"), "placed");

async function found(filter: Filter): Promise<string[]> {
  const rows = await table().find(filter).toArray();
  return rows.map(({ _id }) => _id).sort();
}

const expected = (sees: (one: (typeof placed)[number]) => boolean): string[] =>
  placed
    .filter(sees)
    .map(({ _id }) => _id)
    .sort();

beforeAll(async () => {
  await connect();
  await table().insertMany(placed);
});
afterAll(disconnect);

test("B09: the filter finds exactly the cases that the predicate lets through", async () => {
  await fc.assert(
    fc.asyncProperty(actor, scopes, async (who, own) => {
      expect(await found(visibleCases(who, own))).toEqual(
        expected((one) => seesCase(who, own, one)),
      );
      expect(await found(readableOfCustomer(who, own))).toEqual(
        expected((one) => readsCase(who, own, one)),
      );
    }),
    { numRuns: 300 },
  );
});

const ana = (role: "administrator" | "supervisor" | "agent"): Actor => ({
  kind: "user",
  id: "ana",
  role,
  permissions: [],
});
const north = (more: Partial<CampaignScope> = {}): CampaignScope => ({
  campaignId: "north",
  as: "agent",
  channelIds: ["mail"],
  agentsSeeAllCases: false,
  showOtherCampaigns: false,
  ...more,
});
const bosMail: Placed = { campaignId: "north", channelId: "mail", assigneeId: "bo" };
const freeMail: Placed = { campaignId: "north", channelId: "mail" };

test("G04: an administrator sees every case without being named in a campaign", async () => {
  expect(seesCase(ana("administrator"), [], bosMail)).toBe(true);
  expect(await found(visibleCases(ana("administrator"), []))).toHaveLength(placed.length);
});

test("G04, D05: a supervisor sees all cases of the supervised campaigns, without agentsSeeAllCases, and none of others", () => {
  const own = [north({ as: "supervisor", channelIds: [] })];

  expect(seesCase(ana("supervisor"), own, bosMail)).toBe(true);
  expect(seesCase(ana("supervisor"), own, { ...bosMail, campaignId: "south" })).toBe(false);
});

test("G04: an agent sees the own cases and the unassigned ones of the own channels", () => {
  const sees = (one: Placed) => seesCase(ana("agent"), [north()], one);

  expect(sees({ ...bosMail, assigneeId: "ana", channelId: "chat" })).toBe(true);
  expect(sees(freeMail)).toBe(true);
  expect(sees({ ...freeMail, channelId: "chat" })).toBe(false);
  expect(sees(bosMail)).toBe(false);
});

test("G04: an agent sees unassigned cases made by hand in the own campaigns", () => {
  const sees = (campaignId: string) => seesCase(ana("agent"), [north()], { campaignId });

  expect(sees("north")).toBe(true);
  expect(sees("south")).toBe(false);
});

test("G04: a case assigned to an agent in a campaign of others stays unseen", () => {
  const one = { ...bosMail, campaignId: "south", assigneeId: "ana" };

  expect(seesCase(ana("agent"), [north()], one)).toBe(false);
});

test("F208: of a linked campaign an agent sees the assigned cases only", () => {
  const sees = (one: Placed) =>
    seesCase(ana("agent"), [north({ isLinked: true, channelIds: [] })], one);

  expect(sees({ ...bosMail, assigneeId: "ana" })).toBe(true);
  expect(sees(bosMail)).toBe(false);
  expect(sees({ campaignId: "north" })).toBe(false);
});

test("G04: agentsSeeAllCases widens to the whole campaign", () => {
  expect(seesCase(ana("agent"), [north({ agentsSeeAllCases: true })], bosMail)).toBe(true);
});

test.each([true, false])(
  "F125: an agent reads the cases of other campaigns with showOtherCampaigns, and only then (%s)",
  async (showOtherCampaigns) => {
    const own = [north({ showOtherCampaigns })];
    const ofSouth: Placed = { ...bosMail, campaignId: "south" };

    expect(readsCase(ana("agent"), own, ofSouth)).toBe(showOtherCampaigns);
    expect(await found(readableOfCustomer(ana("agent"), own))).toHaveLength(
      expected((one) => seesCase(ana("agent"), own, one)).length + (showOtherCampaigns ? 18 : 0),
    );
    expect(seesCase(ana("agent"), own, ofSouth)).toBe(false);
  },
);

test("F125: in the own campaigns an agent reads no more than before", () => {
  const own = [north({ showOtherCampaigns: true }), north({ campaignId: "south" })];

  expect(readsCase(ana("agent"), own, bosMail)).toBe(false);
  expect(readsCase(ana("agent"), own, { ...bosMail, campaignId: "south" })).toBe(false);
  expect(readsCase(ana("agent"), own, { ...bosMail, campaignId: "west" })).toBe(true);
});

test("D05: showOtherCampaigns says nothing to supervisors, nor to who is no agent any more", () => {
  const ofSouth: Placed = { ...bosMail, campaignId: "south" };
  const toggled = { showOtherCampaigns: true };

  expect(readsCase(ana("supervisor"), [north({ as: "supervisor", ...toggled })], ofSouth)).toBe(
    false,
  );
  expect(readsCase(ana("supervisor"), [north(toggled)], ofSouth)).toBe(false);
  expect(readsCase(ana("administrator"), [], ofSouth)).toBe(true);
});

test("B09: whoever has no campaign, no role or a role no longer held sees nothing", async () => {
  const demoted = [north({ as: "supervisor" })];
  const connector: Actor = { kind: "connector", id: "key", permissions: [] };

  expect(await found(visibleCases(ana("agent"), []))).toEqual([]);
  expect(await found(visibleCases(ana("supervisor"), []))).toEqual([]);
  expect(await found(visibleCases(ana("agent"), demoted))).toEqual([]);
  expect(await found(visibleCases(connector, [north()]))).toEqual([]);
});
