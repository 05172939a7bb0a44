/** People who are to be merged, through the gateway. */
import { randomUUID } from "node:crypto";
import type { Case } from "#shared/contracts/cases.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { Merge } from "#shared/contracts/customers/merge.ts";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { startWorld } from "./world.ts";

export interface Merged {
  survivor: Customer;
  merge: Merge;
}

/** The world, and what a test of merging does in it. */
export async function startPeople() {
  const world = await startWorld();
  const { system } = world;

  const ask = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    system.http(method, `/api/v1${path}`, {
      token: system.token,
      headers,
      ...(body ? { body } : {}),
    });

  const read = async <T>(path: string): Promise<T> =>
    expected(await world.get(path), 200).json<T>();

  return {
    world,
    ask,
    read,

    /** Somebody who has written once, in a case of the own. */
    aWriter: async (name: string) => {
      const from = { type: "email", value: `${randomUUID()}@example.com`, name };
      const { customer, case: kase, interactionId } = await world.send({ from });
      return { id: customer.id, from, caseId: kase.id, interactionId };
    },

    merge: async (survivorId: string, absorbedId: string, more: object = {}) =>
      expected(
        await ask("POST", "/customers/merge", { survivorId, absorbedId, ...more }),
        201,
      ).json<Merged>(),

    /** Waits until every service carries the survivor's id. */
    isDone: ({ merge: { id, survivorId } }: Merged) =>
      until(async () => {
        const { items } = await read<{ items: Merge[] }>(`/customers/${survivorId}/merges`);
        return items.find((one) => one.id === id)?.state === "done";
      }),

    casesOf: async (customerId: string): Promise<Case[]> =>
      (await read<{ items: Case[] }>(`/cases?customerId=${customerId}`)).items,
  };
}
