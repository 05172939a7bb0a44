/** When an agent's work goes back (B10), and that news which come late change nothing. */
import { expect, test } from "@jest/globals";
import { asCampaign, asUser, inState, type KnownAgent } from "./agents.rules.ts";
import { aCampaign } from "./creation.samples.ts";
import type { AgentState } from "./routing.rules.ts";

const at = (second: number) => new Date(second * 1_000);
const graceMs = 60_000;

/** An agent after these states, one second after the other. */
const after = (...states: AgentState[]) =>
  states.reduce<KnownAgent | undefined>(
    (known, state, place) => inState(known, { userId: "ada", state, since: at(place) }, graceMs),
    undefined,
  );
const disabled = { id: "ada", version: 2, isOut: true };

test("B10: who goes offline has the grace time from then on", () => {
  expect(after("available", "offline")).toMatchObject({ releaseAt: at(61) });
  expect(after("available", "offline", "offline")).toMatchObject({ releaseAt: at(61) });
  expect(after("available", "offline", "paused")?.releaseAt).toBeUndefined();
});

test("B10: an older state that is told late changes nothing", () => {
  const known = after("available", "offline", "available");

  const late = inState(known, { userId: "ada", state: "offline", since: at(1) }, graceMs);

  expect(late).toBe(known);
});

test("B10: a disabled agent's work goes back at once, whatever state follows", () => {
  const out = asUser(after("available"), disabled, at(5));

  const later = inState(out, { userId: "ada", state: "offline", since: at(6) }, graceMs);

  expect([out.releaseAt, later.releaseAt]).toEqual([at(5), at(5)]);
  expect(asUser(later, { ...disabled, version: 1, isOut: false }, at(7))).toBe(later);
});

test("B10: who is taken off a campaign leaves, until taken back", () => {
  const agents = [{ userId: "ada", channelIds: [] }];
  const first = asCampaign(undefined, aCampaign({ agents, version: 1 }));
  const without = asCampaign(first, aCampaign({ agents: [], version: 2 }));
  const renamed = asCampaign(without, aCampaign({ agents: [], version: 3 }));

  const back = asCampaign(renamed, aCampaign({ agents, version: 4 }));

  expect([first, without, renamed, back].map(({ leaving }) => leaving)).toEqual([
    [],
    ["ada"],
    ["ada"],
    [],
  ]);
  expect(asCampaign(back, aCampaign({ agents: [], version: 3 }))).toBe(back);
});
