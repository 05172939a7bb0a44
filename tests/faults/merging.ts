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
interface Group {
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

interface Counted {
  counts: { contactPoints: number };
}

const patienceMs = 180_000;

/** What may be different a moment later. */
const isForNow = ({ status, text }: Answer): boolean =>
  status >= 500 || (status === 409 && /IN_USE|MERGE_UNDER_WAY/.test(text));

/** Asks until there is an answer that says something for good. */
async function untilAnswered(ask: () => Promise<Answer>): Promise<Answer> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer && !isForNow(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`No answer: ${answer?.text ?? "none at all"}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Everybody who takes part. */
export class Cast {
  readonly told: Told = { groups: new Set(), acknowledged: new Map(), merges: [], wrong: [] };
  readonly #system: System;
  readonly #inbox: Inbox;
  readonly #draw: Chance;
  #token: string;

  constructor(system: System, inbox: Inbox, seed: number) {
    this.#system = system;
    this.#inbox = inbox;
    this.#draw = chance(seed);
    this.#token = system.token;
  }

  /** One message from an address, until it is in a case. */
  async write(
    address: string,
  ): Promise<{ customerId: string; caseId: string; interactionId: string }> {
    const message = aMessage({ from: { type: "email", value: address, name: "Ada Byron" } });
    const send = () => post(this.#system.http, this.#inbox, message, { prefer: "wait=5" });
    for (;;) {
      const answer = await untilAnswered(send);
      const { interactionId, ...outcome } = expected(answer, 200, 201, 202).json<{
        interactionId: string;
        case?: { id: string };
        customer?: { id: string };
      }>();
      this.told.acknowledged.set(message.externalId, interactionId);
      if (outcome.case && outcome.customer) {
        return { customerId: outcome.customer.id, caseId: outcome.case.id, interactionId };
      }
    }
  }

  /** Somebody new. */
  async arrive(): Promise<void> {
    const address = `${randomUUID()}@example.com`;
    const { customerId, caseId } = await this.write(address);
    const caseIds = new Set([caseId]);
    this.told.groups.add({ customerId, addresses: [address], caseIds, busy: false });
  }

  /** Somebody who is there writes again. */
  async writeAgain(): Promise<void> {
    const address = this.#draw.pick(this.#draw.pick([...this.told.groups]).addresses);
    const { caseId } = await this.write(address);
    const group = [...this.told.groups].find(({ addresses }) => addresses.includes(address));
    group?.caseIds.add(caseId);
  }

  /** Two who are not being merged become one; answers whether there were two. */
  async mergeTwo(): Promise<boolean> {
    const free = [...this.told.groups].filter(({ busy }) => !busy);
    if (free.length < 2) return false;
    const survivor = this.#draw.pick(free);
    const absorbed = this.#draw.pick(free.filter((one) => one !== survivor));
    survivor.busy = absorbed.busy = true;
    await this.#merge(survivor, absorbed);
    survivor.addresses.push(...absorbed.addresses);
    for (const id of absorbed.caseIds) survivor.caseIds.add(id);
    this.told.groups.delete(absorbed);
    survivor.busy = false;
    return true;
  }

  async #merge(survivor: Group, absorbed: Group): Promise<void> {
    const pair = { survivorId: survivor.customerId, absorbedId: absorbed.customerId };
    const known = [...survivor.caseIds, ...absorbed.caseIds];
    const preview = await this.ask("POST", "/customers/merge/preview", { body: pair });
    const headers = { "idempotency-key": randomUUID() };
    const answer = await this.ask("POST", "/customers/merge", { body: pair, headers });
    const { plan } = expected(preview, 200).json<{ plan: Counted }>();
    const { merge } = expected(answer, 201).json<{ merge: Counted & { id: string } }>();
    await this.#readBoth(survivor.customerId, known);
    if (merge.counts.contactPoints !== plan.counts.contactPoints) {
      this.told.wrong.push(`merge ${merge.id} moved other contact points than its preview said`);
    }
    this.told.merges.push({ id: merge.id, ...pair });
  }

  /** From the moment that a merge is answered, the survivor's cases are those of both. */
  async #readBoth(survivorId: string, known: string[]): Promise<void> {
    const answer = await this.ask("GET", `/cases?customerId=${survivorId}&limit=200`);
    const { items } = expected(answer, 200).json<{ items: { id: string }[] }>();
    const ids = items.map(({ id }) => id);
    const missing = known.filter((id) => !ids.includes(id));
    if (missing.length > 0 && ids.length < 200) {
      this.told.wrong.push(`a reader of ${survivorId} missed ${missing.join(", ")}`);
    }
    if (new Set(ids).size < ids.length) {
      this.told.wrong.push(`a reader of ${survivorId} saw one twice`);
    }
  }

  /** As the administrator, who signs in again when the token has run out. */
  async ask(
    method: string,
    path: string,
    more: { body?: object; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const ask = () => this.#system.http(method, `/api/v1${path}`, { token: this.#token, ...more });
    const answer = await untilAnswered(ask);
    if (answer.status !== 401) return answer;
    this.#token = await signIn(this.#system.http, administrator);
    return untilAnswered(ask);
  }
}
