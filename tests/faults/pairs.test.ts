import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import {
  aMessage,
  expected,
  makeInbox,
  post,
  startSystem,
  wayApart,
  type Inbox,
  type System,
} from "../system/system.ts";

/** `PAIRS=1000` makes it the thousand. */
const pairs = Number(process.env["PAIRS"] ?? 300);
const together = 16;

let system: System;
let inbox: Inbox;

beforeAll(async () => {
  const { MONGODB_URL, NATS_URL } = process.env;
  const servers = { mongodbUrl: String(MONGODB_URL), natsUrl: String(NATS_URL) };
  system = await startSystem(servers, wayApart(2));
  inbox = await makeInbox(system);
}, 120_000);
afterAll(() => system.stop());

interface Outcome {
  case: { id: string; isNew: boolean };
  customer: { id: string; isNew: boolean };
}

/** Two different messages of a person not seen before, at the same moment. */
async function aPair(): Promise<Outcome[]> {
  const from = { type: "email", value: `${randomUUID()}@example.com` };
  const both = [aMessage({ from }), aMessage({ from })];
  return Promise.all(
    both.map(async (message) => {
      const answer = await post(system.http, inbox, message, { prefer: "wait=20" });
      return expected(answer, 201).json<Outcome>();
    }),
  );
}

test("P2: pairs of simultaneous first messages through two replicas make one customer and one case each", async () => {
  const outcomes: Outcome[][] = [];
  const loop = async () => {
    while (outcomes.length < pairs) outcomes.push(await aPair());
  };
  await Promise.all(Array.from({ length: together }, loop));

  const one = (values: string[]) => new Set(values).size === 1;
  const firsts = (flags: boolean[]) => flags.filter(Boolean).length === 1;
  const wrong = outcomes.filter(
    (pair) =>
      !one(pair.map(({ customer }) => customer.id)) ||
      !one(pair.map((outcome) => outcome.case.id)) ||
      !firsts(pair.map(({ customer }) => customer.isNew)) ||
      !firsts(pair.map((outcome) => outcome.case.isNew)),
  );
  expect(outcomes.length).toBeGreaterThanOrEqual(pairs);
  expect(wrong).toEqual([]);
}, 180_000);
