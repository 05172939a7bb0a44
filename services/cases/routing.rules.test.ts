/** Each strategy against a simple model, over 10,000 assignments (G06), and who can get a case. */
import { expect, test } from "@jest/globals";
import type { RoutingStrategy } from "#shared/contracts/campaigns.ts";
import {
  assignments,
  choose,
  mayGet,
  type Settings,
  type Waiting,
  type Worker,
} from "./routing.rules.ts";

const count = 10_000;
const now = new Date("2026-03-01T10:00:00Z");
const settings = (said: Partial<Settings> = {}): Settings => ({
  ...{ routingStrategy: "roundRobin", fallbackToFirstAvailable: true },
  ...{ allowCallsWhileBusy: false, capacity: 1_000_000 },
  ...said,
});
const aWorker = (id: string, said: Partial<Worker> = {}): Worker => ({
  ...{ id, state: "available", since: new Date(0), channelIds: new Set(["chat"]), weight: 1 },
  ...{ openCases: 0, openByType: {}, lastAssignedAt: 0 },
  ...said,
});
const aCall: Waiting = { id: "call", channelId: "phone", channelType: "telephony" };
const aMessage: Waiting = { id: "message", channelId: "chat", channelType: "webchat" };

/** Numbers as of chance, the same in every run. */
function chance(): () => number {
  let state = 42;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Who gets each of 10,000 cases, in order. */
function routed(routingStrategy: RoutingStrategy, workers: Worker[], more: Partial<Settings> = {}) {
  const random = chance();
  const queue = Array.from({ length: count }, (_, id) => ({ ...aMessage, id: String(id) }));
  const randoms = queue.map(random);
  const chosen = assignments(queue, workers, settings({ routingStrategy, ...more }), {
    randoms,
    now,
  });
  const winners = chosen.map(({ userId }) => userId);
  const shares = workers.map(({ id }) => winners.filter((winner) => winner === id).length);
  return { winners, shares, randoms };
}

const ids = ["a", "b", "c", "d"];
const four = (said: (place: number) => Partial<Worker> = () => ({})) =>
  ids.map((id, place) => aWorker(id, said(place)));

test("G06: random gives each of 4 agents a quarter of 10,000 cases, within 5 %", () => {
  const { winners, shares, randoms } = routed("random", four());

  expect(winners).toEqual(randoms.map((random) => ids[Math.floor(random * 4)]));
  for (const share of shares) expect(Math.abs(share - 2_500)).toBeLessThan(125);
});

test("G06: roundRobin gives 10,000 cases in turns, 2,500 to each of 4 agents", () => {
  const { winners, shares } = routed("roundRobin", four());

  expect(winners).toEqual(winners.map((_, turn) => ids[turn % 4]));
  expect(shares).toEqual([2_500, 2_500, 2_500, 2_500]);
});

test("G06: longestAvailable gives each of 10,000 cases to who has been idle for longest", () => {
  const { winners, shares } = routed(
    "longestAvailable",
    four((place) => ({ since: new Date(4_000 - place) })),
  );

  const line = ["d", "c", "b", "a"]; // who got one goes to the end of the line
  const model = winners.map(() => {
    const next = line.shift() as string;
    line.push(next);
    return next;
  });
  expect(winners).toEqual(model);
  expect(shares).toEqual([2_500, 2_500, 2_500, 2_500]);
});

test("G06: mostRecentlyAvailable fills who came last, then the one before: of 10,000 cases 4,000, 4,000, 2,000", () => {
  const { shares } = routed(
    "mostRecentlyAvailable",
    four((place) => ({ since: new Date(4_000 - place) })),
    { capacity: 4_000 },
  );

  expect(shares).toEqual([4_000, 4_000, 2_000, 0]);
});

test("G06: leastOccupied levels the loads: of 10,000 cases and 300 open ones 2,575 each in the end", () => {
  const loads = [0, 50, 100, 150];

  const { winners, shares } = routed(
    "leastOccupied",
    four((place) => ({ openCases: loads[place] as number })),
  );

  const model = [...loads];
  for (const winner of winners) {
    const place = ids.indexOf(winner);
    expect(model[place]).toBe(Math.min(...model));
    model[place] = (model[place] as number) + 1;
  }
  expect(shares.map((share, place) => share + (loads[place] as number))).toEqual([
    2_575, 2_575, 2_575, 2_575,
  ]);
});

test("G06: weighted gives 10,000 cases by the weights 1, 2, 3 and 4, within 5 %", () => {
  const { winners, shares, randoms } = routed(
    "weighted",
    four((place) => ({ weight: place + 1 })),
  );

  const places = ["a", "b", "b", "c", "c", "c", "d", "d", "d", "d"];
  expect(winners).toEqual(randoms.map((random) => places[Math.floor(random * 10)]));
  shares.forEach((share, place) => {
    expect(Math.abs(share / (1_000 * (place + 1)) - 1)).toBeLessThan(0.05);
  });
});

test("G07: nobody gets more than the capacity, however many wait", () => {
  const { shares } = routed("random", four(), { capacity: 7 });

  expect(shares).toEqual([7, 7, 7, 7]);
});

test.each([
  ["available", aMessage, false, true],
  ["available", aCall, false, false], // another channel
  ["busy", aMessage, true, false],
  ["paused", aMessage, true, false],
  ["wrapUp", aMessage, true, false],
  ["offline", aMessage, true, false],
] as const)("G07, F207: %s, %j, calls while busy %s: %s", (state, waiting, calls, expected) => {
  const worker = aWorker("a", { state });

  expect(mayGet(worker, waiting, settings({ allowCallsWhileBusy: calls }))).toBe(expected);
});

test("F207: a busy agent gets calls, and only where the campaign allows it", () => {
  const busy = aWorker("a", { state: "busy", channelIds: new Set(["phone"]) });
  const may = (allowCallsWhileBusy: boolean) =>
    mayGet(busy, aCall, settings({ allowCallsWhileBusy }));

  expect([may(true), may(false)]).toEqual([true, false]);
});

test("F208: an agent of a linked campaign is a candidate for calls only", () => {
  const linked = aWorker("a", { isLinked: true });

  expect([mayGet(linked, aCall, settings()), mayGet(linked, aMessage, settings())]).toEqual([
    true,
    false,
  ]);
});

test("F019, F206: the assigned user first; otherwise another one, or nobody", () => {
  const owned = { ...aMessage, ownerId: "b" };
  const full = four((place) => (place === 1 ? { openCases: 5 } : {}));
  const strict = settings({ fallbackToFirstAvailable: false, capacity: 5 });

  expect(choose(owned, four(), settings(), 0)).toEqual({ userId: "b", how: "owner" });
  expect(choose(owned, full, settings({ capacity: 5 }), 0)).toEqual({ userId: "a", how: "route" });
  expect(choose(owned, full, strict, 0)).toBeUndefined();
  expect(choose(aMessage, full, strict, 0)).toEqual({ userId: "a", how: "route" });
});

test("G07: of one type of channel nobody gets more than its capacity, and of others goes on", () => {
  const limited = settings({ channelCapacities: { telephony: 2 } });
  const worker = aWorker("a", { channelIds: new Set(["chat", "phone"]) });
  const queue = [1, 2, 3].flatMap((id) => [
    { ...aCall, id: `call-${String(id)}` },
    { ...aMessage, id: `message-${String(id)}` },
  ]);

  const given = assignments(queue, [worker], limited, { randoms: queue.map(() => 0), now });

  expect(given.map(({ caseId }) => caseId)).toEqual([
    ...["call-1", "message-1", "call-2", "message-2", "message-3"],
  ]);
  const full = aWorker("a", { openByType: { telephony: 2 }, channelIds: new Set(["phone"]) });
  expect(mayGet(full, aCall, limited)).toBe(false);
});
