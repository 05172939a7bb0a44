/** The collections of the cases service, with an index for every filter and sort it offers. */
import type { IndexDescription } from "mongodb";
import { Campaign } from "#shared/contracts/campaigns.ts";
import { Case } from "#shared/contracts/cases.ts";
import {
  id,
  instant,
  list,
  oneOf,
  optional,
  personal,
  record,
  text,
  whole,
  yesNo,
  type Received,
} from "#shared/fields.ts";
import { collection } from "#shared/mongo/store.ts";

/** A case as it is kept. */
export type KeptCase = Received<typeof KeptCase>;
export const KeptCase = {
  ...Case,
  /**
   * The place for messages of one customer, campaign and thread that this open case holds; unique,
   * so that a burst opens one case. A closed case gives it up and remembers it as `formerSlot`.
   */
  slot: optional(personal(text(700))),
  formerSlot: optional(personal(text(700))),
  searchWords: personal(list(text(60), 200)),
  sortFrom: optional(personal(text(60))),
  sortSubject: optional(personal(text(60))),
  /** Where it stands in line (`lines.rules.ts`). */
  line: text(150),
  rank: whole(1, 4),
  active: yesNo,
  /** Raised by whoever keeps something about the case elsewhere (`case-holds.store.ts`). */
  holds: optional(whole(0, Number.MAX_SAFE_INTEGER)),
  /** The next action of which whoever has the case is yet to be reminded. */
  reminderFor: optional(instant),
};

/** What a list does not read of a case: it is long, and only for finding and sorting. */
export const unread = ["searchWords", "slot", "formerSlot"];

/** Only of the cases that have the field: those that messages open have none yet. */
const withAny = (
  field: string,
  key: Record<string, 1 | -1>,
  name = `${field}_any`,
): IndexDescription => ({
  key,
  name,
  partialFilterExpression: { [field]: { $exists: true } },
});

/** The indexes by the names that lists and counts enter by. */
export const entries = {
  id: "_id_",
  number: "number_1",
  customer: "customer",
  account: "account",
  line: "standing",
  created: "created",
  updated: "updated",
  lastCustomerUpdate: "lastCustomerUpdate",
  from: "from",
  subject: "subject",
  words: "searchWords_1",
  caseType: "caseTypeId_any",
  interaction: "interactionId_any",
  flag: "flagged",
  tag: "tags_any",
  tagged: "tagged",
  nextAction: "nextActionAt_any",
  retention: "retention",
  agenda: "agenda",
  reminders: "reminders",
} as const;

const newest = { createdAt: -1, _id: -1 } as const;
const ofCampaign = { campaignId: 1, active: 1 } as const;

/**
 * Lists enter by one of these and narrow with their other filters. Each that has no `withAny` is
 * paid for by every message that opens a case (decision 0028).
 */
const lists: IndexDescription[] = [
  { key: { campaignId: 1, status: 1, priority: 1, ...newest }, name: entries.created },
  { key: { ...ofCampaign, updatedAt: -1, _id: -1 }, name: entries.updated },
  {
    key: { ...ofCampaign, lastCustomerUpdateAt: -1, _id: -1 },
    name: entries.lastCustomerUpdate,
  },
  { key: { ...ofCampaign, sortFrom: 1, _id: 1 }, name: entries.from },
  { key: { ...ofCampaign, sortSubject: 1, _id: 1 }, name: entries.subject },
  { key: { line: 1, rank: 1, createdAt: 1, _id: 1, campaignId: 1 }, name: entries.line },
  { key: { searchWords: 1 }, name: entries.words },
  { key: { customerId: 1, ...newest }, name: entries.customer },
  withAny("caseTypeId", { caseTypeId: 1, active: 1, ...newest }),
  withAny("interactionId", { interactionId: 1 }),
  withAny("flag.at", { campaignId: 1, "flag.at": -1, _id: -1 }, entries.flag),
  withAny("tags", { tags: 1, campaignId: 1, active: 1, ...newest }),
  withAny("tags", { campaignId: 1, active: 1, ...newest }, entries.tagged),
  withAny("nextActionAt", { campaignId: 1, nextActionAt: 1, _id: 1 }),
];

export const cases = collection("cases", "cases", KeptCase, [
  { key: { number: 1 }, unique: true, name: entries.number },
  ...lists,
  { key: { slot: 1 }, unique: true, partialFilterExpression: { slot: { $exists: true } } },
  {
    key: { formerSlot: 1, number: -1 },
    partialFilterExpression: { formerSlot: { $exists: true } },
  },
  withAny("accountId", { accountId: 1 }, entries.account),
  {
    key: { line: 1, nextActionAt: 1, _id: 1 },
    name: entries.agenda,
    partialFilterExpression: { line: { $exists: true }, nextActionAt: { $exists: true } },
  },
  withAny("reminderFor", { reminderFor: 1 }, entries.reminders),
  {
    key: { campaignId: 1, closedAt: 1, _id: 1 },
    name: entries.retention,
    partialFilterExpression: { closedAt: { $exists: true }, contentRemovedAt: null },
  },
  { key: { followUpOf: 1 }, partialFilterExpression: { followUpOf: { $exists: true } } },
]);

/** Which case each interaction was filed with: filing one twice finds the first filing. */
export const filings = collection(
  "cases",
  "filings",
  {
    id,
    caseId: id,
    number: whole(1, Number.MAX_SAFE_INTEGER),
    seq: whole(1, 1_000_000_000),
    isNew: yesNo,
    at: instant,
  },
  [],
);

/**
 * Customers that were merged, as far as cases has heard: whom a message goes to that still names
 * one, and whose id its cases carry. A row without either only meets a merge half way (see `hold`)
 * and goes away after a day.
 */
export const mergedCustomers = collection(
  "cases",
  "mergedCustomers",
  {
    id,
    into: optional(id),
    casesWith: optional(id),
    /** Cases that its merge has moved so far. */
    moved: optional(whole(0, Number.MAX_SAFE_INTEGER)),
    heldAt: optional(instant),
  },
  [
    { key: { into: 1 }, partialFilterExpression: { into: { $exists: true } } },
    { key: { casesWith: 1 }, partialFilterExpression: { casesWith: { $exists: true } } },
    { key: { heldAt: 1 }, expireAfterSeconds: 86_400 },
  ],
);

/**
 * The accounts that cases are or were about, as customers last told of them. `holds` is raised by
 * whoever links a case or takes in news, so that the two meet.
 */
export type KeptAccount = Received<typeof KeptAccount>;
const KeptAccount = {
  id,
  number: personal(text(60, 0)),
  version: whole(1, 1_000_000_000),
  isDeleted: yesNo,
  holds: whole(0, Number.MAX_SAFE_INTEGER),
};

export const accounts = collection("cases", "accounts", KeptAccount, []);

/** Who is in which cases, a document for each user, so that entering and leaving have an order. */
export const visitors = collection(
  "cases",
  "visitors",
  {
    id,
    version: whole(0, Number.MAX_SAFE_INTEGER),
    entries: list(
      record({
        caseId: id,
        number: whole(1, Number.MAX_SAFE_INTEGER),
        campaignId: id,
        sessionId: id,
        at: instant,
      }),
      50,
    ),
  },
  [{ key: { "entries.caseId": 1 } }],
);
/**
 * What routing knows of agents, as identity told of them (`agents.rules.ts`), and of campaigns.
 * `holds` is raised by whoever gives or takes back a case of theirs, so that this and news of them
 * meet.
 */
export type KeptAgent = Received<typeof KeptAgent>;
const KeptAgent = {
  id,
  state: oneOf("offline", "available", "busy", "paused", "wrapUp"),
  since: instant,
  isOut: yesNo,
  userVersion: whole(0, 1_000_000_000),
  releaseAt: optional(instant),
  lastAssignedAt: whole(0, Number.MAX_SAFE_INTEGER),
  holds: whole(0, Number.MAX_SAFE_INTEGER),
};

export const agents = collection("cases", "agents", KeptAgent, [
  { key: { state: 1 } },
  { key: { releaseAt: 1 }, partialFilterExpression: { releaseAt: { $exists: true } } },
]);

export type KeptCampaign = Received<typeof KeptCampaign>;
const KeptCampaign = {
  id,
  version: whole(1, 1_000_000_000),
  enabled: Campaign.enabled,
  routingStrategy: Campaign.routingStrategy,
  options: Campaign.options,
  agents: Campaign.agents,
  leaving: list(id, 10_000),
  holds: whole(0, Number.MAX_SAFE_INTEGER),
};

export const campaigns = collection("cases", "campaigns", KeptCampaign, [
  { key: { "leaving.0": 1 }, partialFilterExpression: { "leaving.0": { $exists: true } } },
  { key: { "options.linkedCallQueues": 1 } },
]);
