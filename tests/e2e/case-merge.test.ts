/** Two cases become one, through the gateway (F093-F103, D02, D03). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomUUID } from "node:crypto";
import type { Case } from "#shared/contracts/cases.ts";
import type { CaseMerge, CaseMergePlan } from "#shared/contracts/cases/merge.ts";
import type { Interaction } from "#shared/contracts/interactions.ts";
import { until } from "#shared/testing/until.ts";
import { expected } from "../system/system.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld();
}, 90_000);
afterAll(() => world.system.stop());

const ask = (method: string, path: string, body?: object, token = world.system.token, more = {}) =>
  world.system.http(method, `/api/v1${path}`, {
    ...{ token, headers: more },
    ...(body ? { body } : {}),
  });

const read = async <T>(path: string): Promise<T> => expected(await world.get(path), 200).json<T>();

/** Somebody who has written this, in a case of the own. */
async function aWriter(name: string, ...texts: string[]) {
  const from = { type: "email", value: `${randomUUID()}@example.com`, name };
  const write = (text: string) => world.send({ from, text });
  const [first] = [await write(texts[0] ?? name)];
  for (const text of texts.slice(1)) await write(text);
  return { from, write, caseId: first.case.id, number: first.case.number, ...first };
}

type Writer = Awaited<ReturnType<typeof aWriter>>;

interface Merged {
  survivor: Case;
  merge: CaseMerge;
}

const bodyOf = (survivor: Writer, absorbed: Writer, more: object = {}) => ({
  otherCaseId: String(absorbed.number),
  survivorCaseId: survivor.caseId,
  ...more,
});

const merge = async (survivor: Writer, absorbed: Writer, more: object = {}) =>
  expected(
    await ask("POST", `/cases/${survivor.caseId}/merge`, bodyOf(survivor, absorbed, more)),
    201,
  ).json<Merged>();

/** Waits until every service carries the survivor's id; answers the merge as it is then. */
const done = ({ survivor: { id }, merge: { id: mergeId } }: Merged) =>
  until(async () => {
    const { items } = await read<{ items: (CaseMerge & { absorbed: Case })[] }>(
      `/cases/${id}/merges`,
    );
    const found = items.find((one) => one.id === mergeId);
    return found?.state === "done" && found;
  });

const said = async (id: string) =>
  (await read<{ items: Interaction[] }>(`/cases/${id}/conversation`)).items.map(
    ({ seq, text }) => `${String(seq)} ${String(text)}`,
  );

test("F093, F094, F098, D03, P7: the preview is what happens; the conversation is one and whole, at once and later", async () => {
  const ada = await aWriter("Ada", "one");
  const byron = await aWriter("Byron", "two", "three");
  await ada.write("four");
  const body = bodyOf(ada, byron);

  const preview = expected(
    await ask("POST", `/cases/${ada.caseId}/merge/preview`, body),
    200,
  ).json<{
    plan: CaseMergePlan;
  }>();
  const merged = await merge(ada, byron);
  const atOnce = await said(ada.caseId);
  const kept = await done(merged);

  expect(preview.plan.counts).toEqual({ interactions: 2, activities: 0, files: 0, relations: 0 });
  expect(kept).toMatchObject({ counts: preview.plan.counts, absorbed: { number: byron.number } });
  expect(merged.survivor).toMatchObject({ status: "new", interactionCount: 4 });
  expect(atOnce).toEqual(["1 one", "2 two", "3 three", "4 four"]);
  expect(await said(ada.caseId)).toEqual(atOnce);
  expect((await read<Interaction>(`/interactions/${byron.interactionId}`)).caseId).toBe(ada.caseId);
});

test("D03, B02: an old number is redirected for ever, is found by search, and takes no change", async () => {
  const [ada, byron, king] = [await aWriter("A"), await aWriter("B"), await aWriter("C")];
  await done(await merge(byron, king));
  await done(await merge(ada, byron));

  for (const { number, caseId } of [byron, king]) {
    for (const name of [String(number), caseId]) {
      for (const rest of ["", "/conversation?limit=1", "/attachments", "/merges", "/relations"]) {
        const old = await world.get(`/cases/${name}${rest}`);
        const where = `/api/v1/cases/${ada.caseId}${rest}`;
        expect([old.status, old.headers.location]).toEqual([308, where]);
      }
      const entering = await ask("POST", `/cases/${name}/enter`, {});
      expect([entering.status, entering.json()]).toEqual([
        409,
        expect.objectContaining({ code: "CASE_MERGED", survivorId: ada.caseId }),
      ]);
    }
    const found = await read<{ items: Case[] }>(`/cases?q=%23${String(number)}`);
    expect(found.items.map(({ id }) => id)).toEqual([ada.caseId]);
  }
  const { items } = await read<{ items: Case[] }>(`/cases?state=closed&limit=200`);
  expect(items.find(({ id }) => id === king.caseId)).toMatchObject({ mergedInto: ada.caseId });
});

test("D01, D03: both write into the one case from then on", async () => {
  const [ada, byron] = [await aWriter("Ada", "one"), await aWriter("Byron", "two")];
  const merged = await merge(ada, byron);

  const atOnce = await byron.write("three");
  await done(merged);
  const later = [await byron.write("four"), await ada.write("five")];

  for (const outcome of [atOnce, ...later]) {
    expect(outcome.case).toEqual({ id: ada.caseId, number: ada.number, isNew: false });
  }
  expect(await said(ada.caseId)).toEqual(["1 one", "2 two", "3 three", "4 four", "5 five"]);
});

test("F094, F186: files follow, and are the survivor's from the first moment", async () => {
  const ada = await aWriter("Ada");
  const from = { type: "email", value: `${randomUUID()}@example.com`, name: "Byron" };
  const attachments = [{ name: "a.txt", contentType: "text/plain", contentBase64: "aGk=" }];
  const sent = await world.send({ from, attachments });
  const byron = { ...ada, caseId: sent.case.id, number: sent.case.number };
  const files = async () =>
    (
      await read<{ items: { id: string; caseNumber: number }[] }>(
        `/cases/${ada.caseId}/attachments`,
      )
    ).items;

  const merged = await merge(ada, byron);
  const atOnce = await files();
  const { counts } = await done(merged);

  expect([atOnce.length, atOnce[0]?.caseNumber, counts.files]).toEqual([1, ada.number, 1]);
  expect(await files()).toEqual(atOnce);
  expect((await world.get(`/files/${String(atOnce[0]?.id)}`)).status).toBe(200);
});

test("F045, F095, F097, D02: the customers become one as well, the one that was chosen", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  const path = `/cases/${ada.caseId}/merge`;
  const unnamed = await ask("POST", path, bodyOf(ada, byron, { mergeCustomers: true }));
  const chosen = { mergeCustomers: true, survivorCustomerId: byron.customer.id };

  const merged = await merge(ada, byron, chosen);
  const kept = await done(merged);

  expect([unnamed.status, unnamed.json<{ errors: { path: string }[] }>().errors[0]?.path]).toEqual([
    422,
    "survivorCustomerId",
  ]);
  expect(kept.customers).toEqual({
    ...{ survivorId: byron.customer.id, absorbedId: ada.customer.id, state: "done" },
  });
  expect((await world.get(`/customers/${ada.customer.id}`)).status).toBe(308);
  await until(
    async () => (await read<Case>(`/cases/${ada.caseId}`)).customerId === byron.customer.id,
  );
  const mine = await read<{ items: Case[] }>(`/cases?customerId=${byron.customer.id}&state=active`);
  expect(mine.items.map(({ id }) => id)).toEqual([ada.caseId]);
  expect((await ada.write("later")).case.id).toBe(ada.caseId);
});

test("F099, F100, P9: refused are itself, a closed one, a stale version, an option that is off, and a second time", async () => {
  const [ada, byron, king] = [await aWriter("A"), await aWriter("B"), await aWriter("C")];
  const path = `/cases/${ada.caseId}/merge`;
  const own = await ask("POST", path, bodyOf(ada, ada));
  const stale = await ask("POST", path, bodyOf(ada, byron, { survivorVersion: 7 }));
  const options = `/campaigns/${world.inbox.campaignId}/options`;
  expected(await ask("PUT", options, { allowCaseMerge: false }), 200);
  const off = await ask("POST", path, bodyOf(ada, byron));
  expected(await ask("PUT", options, { allowCaseMerge: true }), 200);
  const key = { "idempotency-key": randomUUID() };
  const first = await ask("POST", path, bodyOf(ada, byron), undefined, key);
  const again = await ask("POST", path, bodyOf(ada, byron), undefined, key);
  const second = await ask("POST", `/cases/${king.caseId}/merge`, bodyOf(king, byron));

  expect([own.status, stale.status, off.status]).toEqual([422, 412, 409]);
  expect(off.json()).toMatchObject({ code: "MERGE_NOT_ALLOWED" });
  expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
  expect([second.status, second.json()]).toEqual([
    409,
    expect.objectContaining({ code: "CASE_MERGED", survivorId: ada.caseId }),
  ]);
});

test("F093, F101, F129, G04: supervisors and agents merge and relate what they see, and find nothing of others", async () => {
  const [ada, byron] = [await aWriter("Ada"), await aWriter("Byron")];
  const { campaignId, channelId } = world.inbox;
  const [supervisor, agent, stranger] = [
    await world.aUser("supervisor"),
    await world.aUser("agent"),
    await world.aUser("agent"),
  ];
  const campaign = `/campaigns/${campaignId}`;
  expected(await ask("PUT", `${campaign}/options`, { queueAssignment: false }), 200);
  expected(await ask("PUT", `${campaign}/supervisors`, { items: [supervisor.id] }), 200);
  const items = [{ userId: agent.id, channelIds: [channelId] }];
  expected(await ask("PUT", `${campaign}/agents`, { items }), 200);
  const preview = ({ token }: { token: string }) =>
    ask("POST", `/cases/${ada.caseId}/merge/preview`, bodyOf(ada, byron), token);
  const relate = ({ token }: { token: string }) =>
    ask("POST", `/cases/${ada.caseId}/relations`, { relatedCaseId: String(byron.number) }, token);

  const previews = [await preview(supervisor), await preview(agent), await preview(stranger)];
  const relations = [await relate(stranger), await relate(agent), await relate(supervisor)];
  const seen = await world.get(`/cases/${byron.caseId}/relations`, agent.token);
  const merged = await ask("POST", `/cases/${ada.caseId}/merge`, bodyOf(ada, byron), agent.token);
  const led = await world.get(`/cases/${String(byron.number)}`, agent.token);
  const hidden = await world.get(`/cases/${String(byron.number)}`, stranger.token);

  expect(previews.map(({ status }) => status)).toEqual([200, 200, 404]);
  expect(relations.map(({ status }) => status)).toEqual([404, 201, 409]);
  expect(seen.json<{ items: { relatedCase: Case }[] }>().items[0]?.relatedCase.id).toBe(ada.caseId);
  expect([merged.status, led.status, hidden.status]).toEqual([201, 308, 404]);
});
