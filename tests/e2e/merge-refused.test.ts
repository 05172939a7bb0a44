/** What a merge refuses and tells of, and a case that gets another customer (F037). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { Case } from "#shared/contracts/cases.ts";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { startPeople } from "./people.ts";

type People = Awaited<ReturnType<typeof startPeople>>;
let world: People["world"];
let ask: People["ask"];
let read: People["read"];
let aWriter: People["aWriter"];
let merge: People["merge"];
let isDone: People["isDone"];

let stop: () => Promise<void>;

beforeAll(async () => {
  const people = await startPeople();
  ({ world, ask, read, aWriter, merge, isDone } = people);
  stop = people.world.system.stop;
}, 90_000);
afterAll(() => stop());

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

test("F043, D03: who went is merged no more, along a whole chain", async () => {
  const [ada, byron, king] = [await aWriter("A"), await aWriter("B"), await aWriter("K")];
  const merged = (survivorId: string, absorbedId: string) =>
    ask("POST", "/customers/merge", { survivorId, absorbedId });
  expected(await merged(byron.id, ada.id), 201);
  expected(await merged(king.id, byron.id), 201);

  for (const [survivor, absorbed] of [
    [ada, king],
    [king, ada],
    [ada, byron],
    [byron, king],
  ] as const) {
    const refused = await merged(survivor.id, absorbed.id);
    expect([refused.status, refused.json()]).toMatchObject([
      409,
      { code: "CUSTOMER_MERGED", survivorId: king.id },
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
