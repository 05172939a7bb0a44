/** What the board says of an agent, out of what is known (G19). Pure. */
import type { BoardRow, StateSpan } from "#shared/contracts/identity/agent-states.ts";
import { shown, type Agent } from "./agent-states.rules.ts";
import type { Account } from "./users.rules.ts";

/** How long the agent was in a state today. */
interface Sum {
  state: Agent["state"];
  reason?: string;
  seconds: number;
  firstSignInAt?: Date;
}

export function boardRow({
  account: { id, name, currentCampaignId },
  agent,
  sums,
  openCases,
  names,
  now,
}: {
  account: Account;
  agent: Agent;
  sums: readonly Sum[];
  /** By user; undefined where it is not known. */
  openCases: ReadonlyMap<string, number> | undefined;
  /** Of campaigns. */
  names: ReadonlyMap<string, string>;
  now: Date;
}): BoardRow {
  const campaignName = names.get(currentCampaignId ?? "");
  const [firstSignInAt] = sums
    .flatMap((sum) => sum.firstSignInAt ?? [])
    .sort((a, b) => Number(a) - Number(b));
  return {
    ...shown(agent),
    name,
    secondsInState: secondsBetween(agent.since, now),
    ...(currentCampaignId ? { currentCampaignId } : {}),
    ...(campaignName ? { currentCampaignName: campaignName } : {}),
    ...(firstSignInAt ? { firstSignInAt } : {}),
    connectedSeconds: totalOf(sums.filter(({ state }) => state !== "offline")),
    pauses: sums
      .filter(({ state }) => state === "paused")
      .flatMap(({ reason, seconds }) => (reason ? [{ reason, seconds }] : [])),
    ...(openCases ? { openCases: openCases.get(id) ?? 0 } : {}),
  };
}

/** A span of the history as it is read. */
export function shownSpan(
  span: Omit<StateSpan, "seconds"> & { userId: string; isSignIn?: boolean },
  now: Date,
): StateSpan {
  const { userId: _userId, isSignIn: _isSignIn, ...rest } = span;
  return { ...rest, seconds: secondsBetween(span.from, span.to ?? now) };
}

const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.round((to.getTime() - from.getTime()) / 1_000));

const totalOf = (sums: readonly Sum[]): number =>
  sums.reduce((total, { seconds }) => total + seconds, 0);

const dayMs = 86_400_000;

/** When the day of a moment began in a zone; in UTC where nobody knows the zone. */
export function startOfDay(moment: Date, zone: string): Date {
  const days = daysIn(zone);
  const today = days.format(moment);
  // midnight there is within a day of midnight in UTC, on a quarter of an hour
  const first = Date.parse(`${today}T00:00:00Z`) - dayMs;
  for (let ms = 0; ms <= 2 * dayMs; ms += 900_000) {
    const at = new Date(first + ms);
    if (days.format(at) === today) return at;
  }
  return moment;
}

function daysIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" });
  } catch {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", dateStyle: "short" });
  }
}
