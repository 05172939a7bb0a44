import { expect, test } from "@jest/globals";
import fc from "fast-check";
import * as rules from "./agent-states.rules.ts";
import type { Agent } from "./agent-states.rules.ts";

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 8, 0, second));
const stranger = rules.neverSeen("ada", at(0));
const present = rules.connected(stranger, "desk", at(1));
const inCases = (agent: Agent, ...caseIds: string[]) =>
  rules.noted(
    agent,
    {
      entered: caseIds.map((caseId) => ({ caseId, sessionId: "desk" })),
      enteredVersion: agent.enteredVersion + 1,
    },
    at(5),
  );

test("D10, G19: who has a session is available, who has none is offline", () => {
  const gone = rules.disconnected(present, ["desk"], at(2));

  expect([stranger.state, present.state, gone.state]).toEqual(["offline", "available", "offline"]);
  expect([present.since, gone.since]).toEqual([at(1), at(2)]);
});

test("D11: of two sessions the last one that goes makes the user offline", () => {
  const both = rules.connected(present, "phone", at(2));

  const one = rules.disconnected(both, ["desk"], at(3));
  const none = rules.disconnected(one, ["phone"], at(4));

  expect([one.state, one.since, none.state]).toEqual(["available", at(1), "offline"]);
});

test("D11, F079: busy counts the entered cases; the last one that is left ends it", () => {
  const two = inCases(present, "a", "b");
  const one = inCases(two, "b");
  const none = inCases(one);

  expect([two.state, one.state, none.state]).toEqual(["busy", "busy", "available"]);
  expect([two.version, one.version, none.version]).toEqual([2, 2, 3]);
});

test("F079: after the last case a pause goes on, a wrap-up does not", () => {
  const paused = rules.chosen(present, { state: "paused", reason: "lunch" }, at(2));
  const wrapping = rules.chosen(present, { state: "wrapUp" }, at(2));

  const after = [paused, wrapping].map((agent) => inCases(inCases(agent, "a")));

  expect(after.map(({ state, reason }) => [state, reason])).toEqual([
    ["paused", "lunch"],
    ["available", undefined],
  ]);
});

test("F078, G19: nothing is chosen while busy, or offline", () => {
  const busy = inCases(present, "a");

  expect(() => rules.chosen(busy, { state: "available" }, at(6))).toThrow(
    expect.objectContaining({ code: 409, type: "BUSY" }),
  );
  expect(() => rules.chosen(stranger, { state: "available" }, at(6))).toThrow(
    expect.objectContaining({ code: 409, type: "OFFLINE" }),
  );
});

test("D11: what was entered in a session that is gone counts no more", () => {
  const busy = inCases(rules.connected(present, "phone", at(2)), "a");

  expect(rules.disconnected(busy, ["desk"], at(6)).state).toBe("available");
});

test("F228: in whatever order news arrive, the newest holds", () => {
  const news = [["a"], ["a", "b"], ["b"], []].map((caseIds, place) => ({
    entered: caseIds.map((caseId) => ({ caseId, sessionId: "desk" })),
    enteredVersion: place + 1,
  }));
  const order = fc.shuffledSubarray([...news, ...news], { minLength: 1 });

  fc.assert(
    fc.property(order, (told) => {
      const after = told.reduce<Agent>((agent, one) => rules.noted(agent, one, at(9)), present);
      const newest = told.reduce((a, b) => (b.enteredVersion > a.enteredVersion ? b : a));
      expect(after.state).toBe(newest.entered.length > 0 ? "busy" : "available");
    }),
  );
});

test("G19: a state is as old as itself, whatever clock told of it", () => {
  const earlier = rules.chosen(present, { state: "wrapUp" }, at(0));

  expect(earlier.since).toEqual(at(1));
});

test("D11: of very many sessions the oldest count as gone", () => {
  const many = Array.from({ length: 101 }, (_, place) => `s${String(place)}`).reduce(
    (agent, id) => rules.connected(agent, id, at(2)),
    stranger,
  );

  expect(many.sessionIds).toHaveLength(100);
  expect(many.sessionIds).not.toContain("s0");
});
