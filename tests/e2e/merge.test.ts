/** Two customers become one (F037-F044, D03), and a case gets another customer (F037). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { Case } from "#shared/contracts/cases.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { Merge, MergePlan } from "#shared/contracts/customers/merge.ts";
import { until } from "#shared/testing/until.ts";
import { expected, type System } from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
let system: System;

beforeAll(async () => {
  world = await startWorld();
  ({ system } = world);
}, 90_000);
afterAll(() => system.stop());

const ask = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  system.http(method, `/api/v1${path}`, {
    token: system.token,
    headers,
    ...(body ? { body } : {}),
  });

const read = async <T>(path: string): Promise<T> => expected(await world.get(path), 200).json<T>();

/** Somebody who has written once, in a case of the own. */
async function aWriter(name: string) {
  const from = { type: "email", value: `${randomUUID()}@example.com`, name };
  const { customer, case: kase, interactionId } = await world.send({ from });
  return { id: customer.id, from, caseId: kase.id, interactionId };
}

const none = { contactPoints: 0, accounts: 0, relations: 0, tags: 0, cases: 0 };

interface Merged {
  survivor: Customer;
  merge: Merge;
}

const merge = async (survivorId: string, absorbedId: string, more: object = {}) =>
  expected(
    await ask("POST", "/customers/merge", { survivorId, absorbedId, ...more }),
    201,
  ).json<Merged>();

const isDone = ({ merge: { id, survivorId } }: Merged) =>
  until(async () => {
    const { items } = await read<{ items: Merge[] }>(`/customers/${survivorId}/merges`);
    return items.find((one) => one.id === id)?.state === "done";
  });

const casesOf = async (customerId: string): Promise<Case[]> =>
  (await read<{ items: Case[] }>(`/cases?customerId=${customerId}`)).items;

test("F038, F041, F042, F044, D03: the preview is what happens, and nobody sees half of it", async () => {
  const [ada, byron] = [await aWriter("Ada Lovelace"), await aWriter("Ada Byron")];
  const pair = { survivorId: ada.id, absorbedId: byron.id };

  const preview = expected(await ask("POST", "/customers/merge/preview", pair), 200).json<{
    survivor: Customer;
    absorbed: Customer;
    plan: MergePlan;
  }>();
  const merged = await merge(ada.id, byron.id);
  const seen = await casesOf(ada.id);

  expect([preview.survivor.id, preview.absorbed.displayName]).toEqual([ada.id, "Ada Byron"]);
  expect(preview.plan.counts).toEqual({ ...none, contactPoints: 1, cases: 1 });
  expect(merged.merge).toMatchObject({ ...pair, state: "moving", counts: preview.plan.counts });
  expect(merged.survivor.contactPoints.map(({ value }) => value)).toEqual([
    ada.from.value,
    byron.from.value,
  ]);
  expect(new Set(seen.map(({ id }) => id))).toEqual(new Set([ada.caseId, byron.caseId]));

  await isDone(merged);
  const moved = await read<Case>(`/cases/${byron.caseId}`);
  expect([moved.customerId, moved.customerName]).toEqual([ada.id, "Ada Lovelace"]);
  expect(await read(`/interactions/${byron.interactionId}`)).toHaveProperty("customerId", ada.id);
  expect(await casesOf(byron.id)).toHaveLength(2);
});

test("F042, B01: after a merge both write into one case, and open no second one", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  const merged = await merge(ada.id, byron.id);
  const atOnce = await world.send({ from: byron.from });
  await isDone(merged);

  const later = await world.send({ from: byron.from });

  expect([atOnce.customer.id, later.customer.id]).toEqual([ada.id, ada.id]);
  expect([atOnce.case, later.case]).toMatchObject([{ isNew: false }, { isNew: false }]);
  expect([ada.caseId, byron.caseId]).toContain(atOnce.case.id);
  expect(later.case.id).toBe(ada.caseId);
});

test("D03, F043: the old id leads to the survivor, through any chain, and takes no change", async () => {
  const [ada, byron, king] = [await aWriter("A"), await aWriter("B"), await aWriter("C")];
  await isDone(await merge(byron.id, king.id));
  await isDone(await merge(ada.id, byron.id));

  const found = await world.get(`/customers/${king.id}?`);
  const below = await world.get(`/customers/${king.id}/merges?limit=1`);
  const change = await ask("PATCH", `/customers/${king.id}`, { tags: [] }, { "if-match": '"1"' });
  const point = { type: "email", value: "x@example.com" };
  const adding = await ask("POST", `/customers/${byron.id}/contact-points`, point);

  expect([found.status, found.headers.location]).toEqual([308, `/api/v1/customers/${ada.id}?`]);
  expect(found.json()).toMatchObject({ code: "CUSTOMER_MERGED", survivorId: ada.id });
  expect(below.headers.location).toBe(`/api/v1/customers/${ada.id}/merges?limit=1`);
  expect([change.status, adding.status]).toEqual([409, 409]);
  expect(change.json()).toMatchObject({ code: "CUSTOMER_MERGED", survivorId: ada.id });
  expect(await casesOf(ada.id)).toHaveLength(3);
  expect((await world.send({ from: king.from })).customer.id).toBe(ada.id);
});

test("F039: cases that are not chosen stay readable under the old names; new messages are the survivor's", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  const parts = { contactPoints: false, cases: false };
  const merged = await merge(ada.id, byron.id, { parts });
  await isDone(merged);

  const next = await world.send({ from: byron.from });

  expect(merged.merge.counts).toEqual(none);
  expect(merged.survivor.contactPoints).toHaveLength(1);
  expect(next.customer.id).toBe(ada.id);
  expect((await casesOf(ada.id)).map(({ id }) => id)).toEqual([ada.caseId]);
  expect((await casesOf(byron.id)).map(({ id }) => id)).toEqual([byron.caseId]);
  expect(await read(`/cases/${byron.caseId}`)).toMatchObject({ customerName: "Byron" });
});

test("F042, F046, D03: accounts and relations go along as the preview says, and their old paths lead on", async () => {
  const [ada, byron, king] = [await aWriter("Ada"), await aWriter("Byron"), await aWriter("King")];
  const post = async (path: string, body: object) =>
    expected(await ask("POST", path, body), 201).json<{ id: string }>().id;
  const account = (id: string, number: string) =>
    post(`/customers/${id}/accounts`, { number, extraFields: [{ name: "Plan", value: number }] });
  const kept = await account(ada.id, "A-1");
  const doubled = await account(byron.id, "a 1");
  const moved = await account(byron.id, "B-2");
  const relation = await post(`/customers/${byron.id}/relations`, {
    relatedCustomerId: king.id,
    sourceLabel: "mother",
    targetLabel: "son",
  });
  const between = await post(`/customers/${ada.id}/relations`, {
    relatedCustomerId: byron.id,
    sourceLabel: "sister",
    targetLabel: "sister",
  });
  const pair = { survivorId: ada.id, absorbedId: byron.id };

  const preview = expected(await ask("POST", "/customers/merge/preview", pair), 200);
  const merged = await merge(ada.id, byron.id);

  const { plan } = preview.json<{ plan: MergePlan }>();
  expect(plan.accounts).toEqual({
    moved: [moved],
    collided: [{ id: doubled, existingId: kept }],
  });
  expect(plan.relations).toEqual({ moved: [relation], dropped: [between] });
  expect(merged.merge.counts).toEqual(plan.counts);
  const ids = async (path: string) =>
    (await read<{ items: { id: string }[] }>(`/customers/${ada.id}/${path}`)).items.map(
      ({ id }) => id,
    );
  expect(await ids("accounts")).toEqual([kept, moved]);
  expect(await ids("relations")).toEqual([relation]);
  const old = await world.get(`/customers/${byron.id}/accounts/${moved}`);
  expect([old.status, old.headers.location]).toEqual([
    308,
    `/api/v1/customers/${ada.id}/accounts/${moved}`,
  ]);
});

test("F043, B01: a merge happens once; its repeat answers the same, another is refused", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  const pair = { survivorId: ada.id, absorbedId: byron.id };
  const headers = { "idempotency-key": randomUUID() };

  const first = expected(await ask("POST", "/customers/merge", pair, headers), 201);
  const again = expected(await ask("POST", "/customers/merge", pair, headers), 201);
  const anew = await ask("POST", "/customers/merge", pair);
  const back = await ask("POST", "/customers/merge", {
    survivorId: byron.id,
    absorbedId: ada.id,
  });

  expect(again.json()).toEqual(first.json());
  for (const refused of [anew, back]) {
    expect([refused.status, refused.json()]).toMatchObject([
      409,
      { code: "CUSTOMER_MERGED", survivorId: ada.id },
    ]);
  }
});

test("F040: a merge with itself, with nobody, or decided on something old is refused", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  const statuses = async (body: object) => [
    (await ask("POST", "/customers/merge/preview", body)).status,
    (await ask("POST", "/customers/merge", body)).status,
  ];
  const pair = { survivorId: ada.id, absorbedId: byron.id };

  expect(await statuses({ survivorId: ada.id, absorbedId: ada.id })).toEqual([422, 422]);
  expect(await statuses({ survivorId: ada.id, absorbedId: randomUUID() })).toEqual([404, 404]);
  expect(await statuses({ ...pair, survivorVersion: 7 })).toEqual([412, 412]);
  expect(await statuses({ ...pair, absorbedVersion: 7 })).toEqual([412, 412]);
  expect(await statuses({ ...pair, parts: { notes: true } })).toEqual([422, 422]);
  expect(await read(`/customers/${byron.id}`)).toHaveProperty("version", 1);
});

test("F037: a case gets a more exact customer, and its messages follow; D04: not once it is closed", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  const { version } = await read<Case>(`/cases/${byron.caseId}`);
  const put = (customerId: string, tag = version) =>
    ask("PUT", `/cases/${byron.caseId}/customer`, { customerId }, { "if-match": `"${tag}"` });
  const bare = await ask("PUT", `/cases/${byron.caseId}/customer`, { customerId: ada.id });

  const unknown = await put(randomUUID());
  const replaced = expected(await put(ada.id), 200).json<Case>();
  const stale = await put(byron.id);

  expect([bare.status, unknown.status, stale.status]).toEqual([428, 422, 412]);
  expect(replaced).toMatchObject({ customerId: ada.id, customerName: "Ada", version: version + 1 });
  await until(
    async () =>
      (await read<{ customerId: string }>(`/interactions/${byron.interactionId}`)).customerId ===
      ada.id,
  );
  const next = await world.send({ from: byron.from });
  expect(next.case).toMatchObject({ isNew: true });
  expect((await world.send({ from: ada.from })).case.id).toBe(ada.caseId);
});

test("D18, F116: the log tells of the merge at both customers, and of the customer at the case", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  await isDone(await merge(ada.id, byron.id));

  const logged = (id: string) =>
    until(async () => {
      const { items } = await read<{ items: { event: string; changes: object[] }[] }>(
        `/changes?aggregateId=${id}`,
      );
      return items.find(({ event }) => /merged|absorbed|customerReplaced/.test(event));
    });

  expect((await logged(ada.id)).changes).toContainEqual({
    field: "absorbed",
    old: null,
    new: byron.id,
  });
  expect((await logged(byron.id)).changes).toEqual([
    { field: "mergedInto", old: null, new: ada.id },
  ]);
  expect((await logged(byron.caseId)).changes).toEqual([
    { field: "customerId", old: byron.id, new: ada.id },
  ]);
});

test("F062, D03: a case by hand for a merged customer is the survivor's; a case is not given to one", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  await merge(ada.id, byron.id);
  const { campaignId } = world.inbox;

  const body = { customerId: byron.id, description: "Came to the desk", campaignId };
  const made = expected(await ask("POST", "/cases", body), 201).json<Case>();
  const { version } = await read<Case>(`/cases/${made.id}`);
  const given = await ask(
    "PUT",
    `/cases/${made.id}/customer`,
    { customerId: byron.id },
    { "if-match": `"${String(version)}"` },
  );

  expect([made.customerId, made.customerName]).toEqual([ada.id, "Ada"]);
  expect(given.status).toBe(422);
});
