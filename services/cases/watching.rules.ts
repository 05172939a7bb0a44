/** Who attends to a case in which way, out of who entered it, who watches it and who writes (B13). Pure. */
import type { Attendance } from "#shared/contracts/cases/watching.ts";

/** Somebody who watches a case, or writes on it, for a while. */
export interface Watcher {
  caseId: string;
  userId: string;
  typing?: Attendance["typing"];
  since: Date;
  until: Date;
}

type Attending = Omit<Attendance, "name">;

/** Each user once, the first first. */
export function attendingTo(
  present: readonly { userId: string; since: Date }[],
  watchers: readonly Watcher[],
): Attending[] {
  const entered = present.map((one) => ({ ...one, entered: true }));
  const looking = watchers.map(({ userId, since, typing }) => ({
    ...{ userId, since, entered: false },
    ...(typing ? { typing } : {}),
  }));
  const byUser = Map.groupBy([...entered, ...looking], ({ userId }) => userId);
  return [...byUser.values()].map(together).sort((a, b) => Number(a.since) - Number(b.since));
}

/** What one user does in several ways; of two things that are written the one begun last. */
function together(ways: readonly Attending[]): Attending {
  const inOrder = ways.toSorted((a, b) => Number(a.since) - Number(b.since));
  const typing = inOrder.findLast((one) => one.typing)?.typing;
  const [{ userId, since }] = inOrder as [Attending];
  return {
    ...{ userId, since, entered: ways.some(({ entered }) => entered) },
    ...(typing ? { typing } : {}),
  };
}

/** When the first of them is over by itself. */
export const nextEnd = (watchers: readonly Watcher[]): Date | undefined =>
  watchers.map(({ until }) => until).toSorted((a, b) => Number(a) - Number(b))[0];
