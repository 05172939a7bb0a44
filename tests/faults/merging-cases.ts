/** Cases that are merged with one another while their customers write, and readers of them (P7). */
import { randomUUID } from "node:crypto";
import type { Case } from "#shared/contracts/cases.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { expected } from "../system/system.ts";
import type { Cast } from "./merging.ts";
import { chance, type Chance } from "./random.ts";

/** A case with all that is to be in it in the end. */
interface Folder {
  caseId: string;
  /** Of the cases that were merged into it. */
  formerIds: string[];
  addresses: string[];
  /** Messages that were told to be in it, or in one that was merged into it. */
  interactionIds: Set<string>;
  /** Being merged just now. */
  busy: boolean;
}

interface Counted {
  counts: { interactions: number; relations: number };
}

/** Everybody who takes part. */
export class Desk {
  readonly folders = new Set<Folder>();
  readonly merges: { id: string; survivorId: string; absorbedId: string }[] = [];
  readonly wrong: string[] = [];
  readonly #cast: Cast;
  readonly #draw: Chance;

  constructor(cast: Cast, seed: number) {
    this.#cast = cast;
    this.#draw = chance(seed);
  }

  /** Somebody new, in a case of the own. */
  async arrive(): Promise<void> {
    const address = `${randomUUID()}@example.com`;
    const { caseId, interactionId } = await this.#cast.write(address);
    const interactionIds = new Set([interactionId]);
    const folder = { caseId, formerIds: [], addresses: [address], interactionIds, busy: false };
    this.folders.add(folder);
  }

  /** Somebody who is there writes again. */
  async writeAgain(): Promise<void> {
    const address = this.#draw.pick(this.#draw.pick([...this.folders]).addresses);
    const { interactionId } = await this.#cast.write(address);
    this.#folderOf(address)?.interactionIds.add(interactionId);
  }

  /** Two cases that are not being merged become one; answers whether there were two. */
  async mergeTwo(): Promise<boolean> {
    const free = [...this.folders].filter(({ busy }) => !busy);
    if (free.length < 2) return false;
    const survivor = this.#draw.pick(free);
    const absorbed = this.#draw.pick(free.filter((one) => one !== survivor));
    survivor.busy = absorbed.busy = true;
    const [own, theirs] = [[...survivor.interactionIds], [...absorbed.interactionIds]];
    await Promise.all([
      this.#merge(survivor, absorbed),
      this.#read(survivor.caseId, own, theirs, "before or after"),
    ]);
    await this.#read(survivor.caseId, own, theirs, "after");
    survivor.addresses.push(...absorbed.addresses);
    survivor.formerIds.push(absorbed.caseId, ...absorbed.formerIds);
    for (const id of absorbed.interactionIds) survivor.interactionIds.add(id);
    this.folders.delete(absorbed);
    survivor.busy = false;
    return true;
  }

  /** Everybody's next message reaches the case that the own one was merged into, if it was. */
  async writeToAll(): Promise<void> {
    for (const folder of this.folders) {
      for (const address of folder.addresses) {
        const { caseId, interactionId } = await this.#cast.write(address);
        folder.interactionIds.add(interactionId);
        if (caseId !== folder.caseId) this.wrong.push(`${address} reached case ${caseId}`);
      }
      for (const id of folder.formerIds) {
        const { status, headers } = await this.#cast.ask("GET", `/cases/${id}`);
        if (status === 308 && headers.location?.endsWith(`/cases/${folder.caseId}`)) continue;
        this.wrong.push(`case ${id} answers ${String(status)} ${String(headers.location)}`);
      }
    }
  }

  #folderOf(address: string): Folder | undefined {
    return [...this.folders].find(({ addresses }) => addresses.includes(address));
  }

  async #merge(survivor: Folder, absorbed: Folder): Promise<void> {
    const path = `/cases/${survivor.caseId}/merge`;
    const pair = { otherCaseId: absorbed.caseId, survivorCaseId: survivor.caseId };
    const body = { ...pair, ...(await this.#customersOf(survivor, absorbed)) };
    const preview = await this.#cast.ask("POST", `${path}/preview`, { body });
    const headers = { "idempotency-key": randomUUID() };
    const answer = await this.#cast.ask("POST", path, { body, headers });
    const { plan } = expected(preview, 200).json<{ plan: Counted }>();
    const { merge } = expected(answer, 201).json<{ merge: Counted & { id: string } }>();
    if (merge.counts.interactions < plan.counts.interactions) {
      this.wrong.push(`merge ${merge.id} moved fewer interactions than its preview said`);
    }
    const ids = { survivorId: survivor.caseId, absorbedId: absorbed.caseId };
    this.merges.push({ id: merge.id, ...ids });
  }

  /** In every other merge the customers are merged as well, where they are two and at rest. */
  async #customersOf(survivor: Folder, absorbed: Folder): Promise<object> {
    if (this.#draw.below(2) === 0) return {};
    const [one, other] = [await this.#case(survivor), await this.#case(absorbed)];
    const asked = { survivorId: one.customerId, absorbedId: other.customerId };
    const preview = await this.#cast.ask("POST", "/customers/merge/preview", { body: asked });
    if (preview.status !== 200) return {};
    return { mergeCustomers: true, survivorCustomerId: one.customerId };
  }

  async #case({ caseId }: Folder): Promise<Case> {
    return expected(await this.#cast.ask("GET", `/cases/${caseId}`), 200).json<Case>();
  }

  /** A reader sees all that was told of the survivor, and of the absorbed all or, before, nothing. */
  async #read(
    caseId: string,
    own: readonly string[],
    theirs: readonly string[],
    when: "before or after" | "after",
  ): Promise<void> {
    const answer = await this.#cast.ask("GET", `/cases/${caseId}/conversation?limit=200`);
    const page = expected(answer, 200).json<{ items: Interaction[]; nextCursor: string | null }>();
    const seqs = page.items.map(({ seq = 0 }) => seq);
    if (seqs.some((seq, place) => place > 0 && seq <= (seqs[place - 1] ?? 0))) {
      this.wrong.push(`a reader of ${caseId} saw places ${seqs.join(",")}`);
    }
    if (page.nextCursor) return;
    const seen = new Set(page.items.map(({ id }) => id));
    if (seen.size < page.items.length) this.wrong.push(`a reader of ${caseId} saw one twice`);
    const missed = (ids: readonly string[]) => ids.filter((id) => !seen.has(id));
    const isBefore = when !== "after" && missed(theirs).length === theirs.length;
    for (const id of [...missed(own), ...(isBefore ? [] : missed(theirs))]) {
      if (!(await this.#isOnItsWay(id)))
        this.wrong.push(`a reader of ${caseId} missed ${id} ${when}`);
    }
  }

  /** A crash of the database may take the place of a message away, until the sweeper has been there. */
  async #isOnItsWay(id: string): Promise<boolean> {
    const answer = await this.#cast.ask("GET", `/interactions/${id}`);
    return expected(answer, 200).json<Interaction>().state === "received";
  }
}
