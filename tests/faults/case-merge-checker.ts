/** What is kept after cases were merged under fire, held against what was told (P7). */
import { readKept, type Row } from "./kept.ts";
import type { Desk } from "./merging-cases.ts";

interface Kept {
  interactions: Row<{ externalId: string; state: string; caseId?: string; seq?: number }>[];
  cases: Row<{
    status: string;
    slot?: string;
    interactionCount: number;
    mergedInto?: string;
    absorbed?: { id: string }[];
  }>[];
  merges: Row<{ absorbedId: string; into: string; state: string; customers?: { state: string } }>[];
}

const read = (url: string, namespace: string): Promise<Kept> =>
  readKept(url, namespace, async (all) => ({
    interactions: await all("channels", "interactions"),
    cases: await all("cases", "cases"),
    merges: await all("cases", "merges"),
  }));

/** Everything that is wrong, a sentence each; empty when every promise was kept. */
export async function caseFaultsOf(
  desk: Desk,
  acknowledged: ReadonlyMap<string, string>,
  url: string,
  namespace: string,
): Promise<string[]> {
  const kept = await read(url, namespace);
  return [
    ...desk.wrong,
    ...messages(acknowledged, kept),
    ...folders(desk, kept),
    ...conversations(kept),
    ...mergers(desk, kept),
  ];
}

function messages(acknowledged: ReadonlyMap<string, string>, { interactions }: Kept): string[] {
  const byId = new Map(interactions.map((one) => [one._id, one]));
  const ids = new Set(interactions.map(({ externalId }) => externalId));
  return [
    ...[...acknowledged].flatMap(([externalId, id]) =>
      byId.get(id)?.state === "filed" ? [] : [`message ${externalId} is lost`],
    ),
    ...(ids.size < interactions.length ? ["a message is there twice"] : []),
  ];
}

/** Every message is in the case that it was told to be in, or that this one was merged into. */
function folders({ folders: told }: Desk, { interactions }: Kept): string[] {
  const byId = new Map(interactions.map(({ _id, caseId }) => [_id, caseId]));
  return [...told].flatMap(({ caseId, interactionIds }) =>
    [...interactionIds].flatMap((id) =>
      byId.get(id) === caseId ? [] : [`message ${id} is in ${String(byId.get(id))}, not ${caseId}`],
    ),
  );
}

/** Places are dense from 1 in every case that is there, and a merged one has nothing left. */
function conversations({ interactions, cases }: Kept): string[] {
  const seqs = Map.groupBy(interactions, ({ caseId }) => caseId);
  return cases.flatMap(({ _id, interactionCount, mergedInto }) => {
    const own = (seqs.get(_id) ?? []).map(({ seq }) => seq ?? 0).sort((a, b) => a - b);
    const count = mergedInto ? 0 : interactionCount;
    const dense = own.length === count && own.every((seq, at) => seq === at + 1);
    return dense ? [] : [`case ${_id} counts ${String(count)}, has ${own.join(",")}`];
  });
}

/** Each merge took place once, has come to rest, and leads to a case that is open and knows of it. */
function mergers(desk: Desk, { merges, cases }: Kept): string[] {
  const byId = new Map(cases.map((one) => [one._id, one]));
  const ids = new Set(merges.map(({ _id }) => _id));
  return [
    ...desk.merges.flatMap(({ id }) => (ids.has(id) ? [] : [`merge ${id} is lost`])),
    ...(merges.length === desk.merges.length ? [] : [`${String(merges.length)} merges are kept`]),
    ...merges.flatMap(({ _id, absorbedId, into, state, customers }) => [
      ...(state === "done" ? [] : [`merge ${_id} is ${state}`]),
      ...(customers?.state === "waiting" ? [`merge ${_id} has left its customers`] : []),
      ...(leads(byId.get(absorbedId), byId.get(into))
        ? []
        : [`case ${absorbedId} does not lead to ${into}`]),
    ]),
  ];
}

/** Whether a case that is closed leads to one that is open and knows of it. */
function leads(gone?: Kept["cases"][0], survivor?: Kept["cases"][0]): boolean {
  if (!gone || !survivor || gone.status !== "closed" || survivor.status === "closed") return false;
  return (
    gone.mergedInto === survivor._id && (survivor.absorbed ?? []).some(({ id }) => id === gone._id)
  );
}
