/** What is kept after customers were merged under fire, held against what was told (P7). */
import { readKept, type Row } from "./kept.ts";
import type { Told } from "./merging.ts";

interface Kept {
  interactions: Row<{
    externalId: string;
    state: string;
    caseId?: string;
    seq?: number;
    customerId?: string;
  }>[];
  cases: Row<{ customerId: string; slot?: string; interactionCount: number }>[];
  customers: Row<{ contactPoints: { value: string }[] }>[];
  contactKeys: Row<{ customerId: string }>[];
  merges: Row<{
    survivorId: string;
    absorbedId: string;
    into: string;
    state: string;
    counts: { cases: number };
  }>[];
  replaced: Announced[];
}

interface Announced {
  name: string;
  data: { mergeId?: string };
}

const read = (url: string, namespace: string): Promise<Kept> =>
  readKept(url, namespace, async (all) => {
    const rows = await all<{ events: Announced[] }>("cases", "outbox");
    const told = rows.flatMap(({ events }) => events);
    return {
      interactions: await all("channels", "interactions"),
      cases: await all("cases", "cases"),
      customers: await all("customers", "customers"),
      contactKeys: await all("customers", "contactKeys"),
      merges: await all("customers", "merges"),
      replaced: told.filter(({ name }) => name === "cases.customerReplaced"),
    };
  });

/** Everything that is wrong, a sentence each; empty when every promise was kept. */
export async function faultsOf(told: Told, url: string, namespace: string): Promise<string[]> {
  const kept = await read(url, namespace);
  return [
    ...told.wrong,
    ...messages(told, kept),
    ...conversations(kept),
    ...owners(kept),
    ...addresses(told, kept),
    ...mergers(told, kept),
  ];
}

function messages({ acknowledged }: Told, { interactions }: Kept): string[] {
  const byId = new Map(interactions.map((one) => [one._id, one]));
  const ids = interactions.map(({ externalId }) => externalId);
  return [
    ...[...acknowledged].flatMap(([externalId, id]) =>
      byId.get(id)?.state === "filed" ? [] : [`message ${externalId} is lost`],
    ),
    ...(new Set(ids).size < ids.length ? ["a message is there twice"] : []),
  ];
}

/** Every message is in one case, at a place of its own, and no place is empty. */
function conversations({ interactions, cases }: Kept): string[] {
  const seqs = Map.groupBy(interactions, ({ caseId }) => caseId);
  return cases.flatMap(({ _id, interactionCount }) => {
    const own = (seqs.get(_id) ?? []).map(({ seq }) => seq ?? 0).sort((a, b) => a - b);
    const dense = own.length === interactionCount && own.every((seq, at) => seq === at + 1);
    return dense ? [] : [`case ${_id} counts ${String(interactionCount)}, has ${own.join(",")}`];
  });
}

/** Nothing belongs to a customer that went, and a message to the customer of its case. */
function owners({ interactions, cases, customers }: Kept): string[] {
  const living = new Set(customers.map(({ _id }) => _id));
  const byCase = new Map(cases.map(({ _id, customerId }) => [_id, customerId]));
  return [
    ...cases.flatMap(({ _id, customerId, slot }) => [
      ...(living.has(customerId) ? [] : [`case ${_id} belongs to nobody: ${customerId}`]),
      ...(slot && !slot.startsWith(`${customerId}|`) ? [`case ${_id} has another's place`] : []),
    ]),
    ...interactions.flatMap(({ _id, caseId = "", customerId }) =>
      byCase.get(caseId) === customerId ? [] : [`message ${_id} is not its case's customer's`],
    ),
  ];
}

/** Each address stands at one customer, the one that its group was told, and leads to it. */
function addresses({ groups }: Told, { customers, contactKeys }: Kept): string[] {
  const holders = customers.flatMap(({ _id, contactPoints }) =>
    contactPoints.map(({ value }) => [value, _id] as const),
  );
  const byAddress = Map.groupBy(holders, ([value]) => value);
  const keys = new Map(contactKeys.map(({ _id, customerId }) => [_id, customerId]));
  return [...groups].flatMap(({ customerId, addresses: own }) =>
    own.flatMap((address) => {
      const at = (byAddress.get(address) ?? []).map(([, id]) => id);
      const right = at.length === 1 && at[0] === customerId;
      return right && keys.get(`email:${address}`) === customerId
        ? []
        : [`${address} is at ${at.join(", ")} instead of ${customerId}`];
    }),
  );
}

/** Each merge took place once, has come to rest, and leads to somebody who is there. */
function mergers(told: Told, { merges, customers, replaced }: Kept): string[] {
  const living = new Set(customers.map(({ _id }) => _id));
  const next = new Map(merges.map(({ absorbedId, survivorId }) => [absorbedId, survivorId]));
  const moved = Map.groupBy(replaced, ({ data }) => data.mergeId);
  const ids = new Set(merges.map(({ _id }) => _id));
  return [
    ...told.merges.flatMap(({ id }) => (ids.has(id) ? [] : [`merge ${id} is lost`])),
    ...(merges.length === told.merges.length ? [] : [`${String(merges.length)} merges are kept`]),
    ...merges.flatMap(({ _id, absorbedId, into, state, counts }) => [
      ...(state === "done" ? [] : [`merge ${_id} is ${state}`]),
      ...(living.has(into) && end(next, absorbedId) === into
        ? []
        : [`${absorbedId} leads nowhere`]),
      ...((moved.get(_id) ?? []).length === counts.cases
        ? []
        : [`merge ${_id} counts ${String(counts.cases)} cases and moved others`]),
    ]),
  ];
}

/** Where a chain of merges ends; undefined where it goes in a circle. */
function end(next: Map<string, string>, from: string): string | undefined {
  let at = from;
  for (let step = 0; step <= next.size; step += 1) {
    const further = next.get(at);
    if (!further) return at;
    at = further;
  }
  return undefined;
}
