/** Two customers become one (F037-F044, D03). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Case } from "#shared/contracts/cases.ts";
import type { Customer } from "#shared/contracts/customers/customer.ts";
import type { MergePlan } from "#shared/contracts/customers/merge.ts";
import { expected } from "../system/system.ts";
import { startPeople } from "./people.ts";

type People = Awaited<ReturnType<typeof startPeople>>;
let world: People["world"];
let ask: People["ask"];
let read: People["read"];
let aWriter: People["aWriter"];
let merge: People["merge"];
let isDone: People["isDone"];
let casesOf: People["casesOf"];

let stop: () => Promise<void>;

beforeAll(async () => {
  const people = await startPeople();
  ({ world, ask, read, aWriter, merge, isDone, casesOf } = people);
  stop = people.world.system.stop;
}, 90_000);
afterAll(() => stop());

const none = { contactPoints: 0, accounts: 0, relations: 0, owners: 0, tags: 0, cases: 0 };

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

test("F050, F054, F057, P7: what is read of the survivor is what both had, from the first moment", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  const merged = await merge(ada.id, byron.id);

  const seen = async () => {
    const [cases, interactions, dashboard] = await Promise.all(
      ["cases", "interactions", "dashboard"].map((part) =>
        read<{ items: object[]; casesByCampaign: { cases: number; interactions: number }[] }>(
          `/customers/${ada.id}/${part}`,
        ),
      ),
    );
    const [counted] = dashboard?.casesByCampaign ?? [];
    return [cases?.items.length, interactions?.items.length, counted?.cases, counted?.interactions];
  };

  expect(await seen()).toEqual([2, 2, 2, 2]);
  await isDone(merged);
  expect(await seen()).toEqual([2, 2, 2, 2]);
  for (const part of ["cases", "interactions", "attachments", "dashboard", "owner"]) {
    const old = await world.get(`/customers/${byron.id}/${part}`);
    expect([old.status, old.headers.location]).toEqual([
      308,
      `/api/v1/customers/${ada.id}/${part}`,
    ]);
  }
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
