/** People who write while they are merged with one another, and a reader who must never see half. */
import { randomUUID } from "node:crypto";
import type { Answer } from "../system/http.ts";
import {
  administrator,
  aMessage,
  expected,
  post,
  signIn,
  type Inbox,
  type System,
} from "../system/system.ts";
import { chance, type Chance } from "./random.ts";

/** A customer with all the addresses that are to be its own in the end. */
export interface Group {
  customerId: string;
  addresses: string[];
  /** Cases that its messages were told to be in. */
  caseIds: Set<string>;
  /** Being merged just now. */
  busy: boolean;
}

/** What was told to those who asked, to be held against what is kept in the end. */
export interface Told {
  groups: Set<Group>;
  /** External ids that were acknowledged, with the interaction. */
  acknowledged: Map<string, string>;
  merges: { id: string; survivorId: string; absorbedId: string }[];
  /** What a reader saw that was not whole, and previews that did not come true. */
  wrong: string[];
}

interface Page {
  items: { id: string }[];
}

const patienceMs = 180_000;

/** Asks until there is an answer that says something for good. */
async function untilAnswered(ask: () => Promise<Answer>): Promise<Answer> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer && answer.status < 500 && answer.status !== 409) return answer;
    if (answer?.status === 409 && !/IN_USE/.test(answer.text)) return answer;
    if (Date.now() > deadline) throw new Error(`No answer: ${answer?.text ?? "none at all"}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Everybody who takes part. */
export function cast(system: System, inbox: Inbox, seed: number) {
  const draw: Chance = chance(seed);
  const told: Told = { groups: new Set(), acknowledged: new Map(), merges: [], wrong: [] };
  let token = system.token;

  const ask = async (method: string, path: string, body?: object, headers = {}) => {
    const answer = await untilAnswered(() =>
      system.http(method, `/api/v1${path}`, { token, headers, ...(body ? { body } : {}) }),
    );
    if (answer.status !== 401) return answer;
    token = await signIn(system.http, administrator);
    return system.http(method, `/api/v1${path}`, { token, headers, ...(body ? { body } : {}) });
  };

  /** One message from an address, until it is in a case. */
  async function write(address: string): Promise<{ customerId: string; caseId: string }> {
    const message = aMessage({ from: { type: "email", value: address, name: "Ada Byron" } });
    for (;;) {
      const answer = await untilAnswered(() =>
        post(system.http, inbox, message, { prefer: "wait=5" }),
      );
      const { interactionId, ...outcome } = expected(answer, 200, 201, 202).json<{
        interactionId: string;
        case?: { id: string };
        customer?: { id: string };
      }>();
      told.acknowledged.set(message.externalId, interactionId);
      if (outcome.case && outcome.customer) {
        return { customerId: outcome.customer.id, caseId: outcome.case.id };
      }
    }
  }

  /** Somebody new. */
  async function arrive(): Promise<void> {
    const address = `${randomUUID()}@example.com`;
    const { customerId, caseId } = await write(address);
    const group = { customerId, addresses: [address], caseIds: new Set([caseId]), busy: false };
    told.groups.add(group);
  }

  /** Somebody who is there writes again. */
  async function writeAgain(): Promise<void> {
    const address = draw.pick(draw.pick([...told.groups]).addresses);
    const { caseId } = await write(address);
    const group = [...told.groups].find(({ addresses }) => addresses.includes(address));
    group?.caseIds.add(caseId);
  }

  /** Two who are not being merged become one. */
  async function mergeTwo(): Promise<void> {
    const free = [...told.groups].filter(({ busy }) => !busy);
    if (free.length < 2) return;
    const survivor = draw.pick(free);
    const absorbed = draw.pick(free.filter((one) => one !== survivor));
    survivor.busy = absorbed.busy = true;
    const pair = { survivorId: survivor.customerId, absorbedId: absorbed.customerId };
    const known = [...survivor.caseIds, ...absorbed.caseIds];
    const preview = await ask("POST", "/customers/merge/preview", pair);
    const { plan } = expected(preview, 200).json<{ plan: { counts: { contactPoints: number } } }>();
    const headers = { "idempotency-key": randomUUID() };
    const answer = await ask("POST", "/customers/merge", pair, headers);
    const { merge } = expected(answer, 201).json<{
      merge: { id: string; counts: { contactPoints: number } };
    }>();
    await readBoth(survivor.customerId, known);
    if (merge.counts.contactPoints !== plan.counts.contactPoints) {
      told.wrong.push(`merge ${merge.id} moved other contact points than its preview said`);
    }
    told.merges.push({ id: merge.id, ...pair });
    survivor.addresses.push(...absorbed.addresses);
    for (const id of absorbed.caseIds) survivor.caseIds.add(id);
    told.groups.delete(absorbed);
    survivor.busy = false;
  }

  /** From the moment that a merge is answered, the survivor's cases are those of both. */
  async function readBoth(survivorId: string, known: string[]): Promise<void> {
    const answer = await ask("GET", `/cases?customerId=${survivorId}&limit=200`);
    const ids = expected(answer, 200)
      .json<Page>()
      .items.map(({ id }) => id);
    const missing = known.filter((id) => !ids.includes(id));
    if (missing.length > 0 && ids.length < 200) {
      told.wrong.push(`a reader of ${survivorId} missed ${missing.join(", ")}`);
    }
    if (new Set(ids).size < ids.length) told.wrong.push(`a reader of ${survivorId} saw one twice`);
  }

  return { told, arrive, write, writeAgain, mergeTwo };
}
