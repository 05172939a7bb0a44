/** Drafts of messages and activities, on any machine of one user (F161-F164, B12). */
import { expect, test } from "@jest/globals";
import { transaction } from "#shared/mongo/transaction.ts";
import { aScope } from "./creation.samples.ts";
import { startDrafts } from "./drafts.samples.ts";
import { clearDraft } from "./drafts.ts";
import { idOf, present } from "./presence.samples.ts";

test("F161, F162, B12: a draft is kept while it is written, and offered back on any machine", async () => {
  const { aKept, read, save } = await startDrafts();
  const [here, there] = [present(), present()];
  there.meta.actor!.id = idOf(here);
  const { id, number } = await aKept();

  const first = await save(id, here, '{"text":"Dear');
  const second = await save(String(number), there, '{"text":"Dear Ada"}', { version: 1 });

  expect(first).toMatchObject({ caseId: id, kind: "message", version: 1 });
  expect(second).toMatchObject({ content: '{"text":"Dear Ada"}', version: 2 });
  expect(second.createdAt).toEqual(first.createdAt);
  expect(await read(id, here)).toEqual(second);
});

test("F164: a message and an activity of one case are two drafts", async () => {
  const { aKept, read, save, clear } = await startDrafts();
  const who = present();
  const { id } = await aKept();
  await save(id, who, "a message");
  await save(id, who, "an activity", { kind: "activity" });

  await clear(id, who);

  await expect(read(id, who)).rejects.toMatchObject({ code: 404 });
  expect(await read(id, who, "activity")).toMatchObject({ content: "an activity" });
});

test("B12: where another machine was faster nothing is lost: 412, and 428 without a version", async () => {
  const { aKept, read, save } = await startDrafts();
  const who = present();
  const { id } = await aKept();
  await save(id, who, "one");
  await save(id, who, "two", { version: 1 });

  await expect(save(id, who, "late", { version: 1 })).rejects.toMatchObject({ code: 412 });
  await expect(save(id, who, "blind")).rejects.toMatchObject({ code: 428 });

  expect(await read(id, who)).toMatchObject({ content: "two", version: 2 });
});

test("B12: of many machines that save at once one wins, also the very first", async () => {
  const { aKept, read, save } = await startDrafts();
  const who = present();
  const { id } = await aKept();
  const race = async (version?: number) => {
    const tries = Array.from({ length: 8 }, (_, place) =>
      save(id, who, `of ${place}`, version === undefined ? {} : { version }).then(
        ({ content }) => content,
        (error: unknown) => (error as { code: number }).code,
      ),
    );
    return Promise.all(tries);
  };

  for (const version of [undefined, 1, 2]) {
    const outcomes = await race(version);
    const won = outcomes.filter((one) => typeof one === "string");
    expect(won).toHaveLength(1);
    expect(await read(id, who)).toMatchObject({ content: won[0], version: (version ?? 0) + 1 });
    expect(outcomes.every((one) => typeof one === "string" || [412, 428].includes(one))).toBe(true);
  }
});

test("F163: cleared is gone, again is as once, and no other machine brings it back", async () => {
  const { aKept, read, save, clear } = await startDrafts();
  const who = present();
  const { id } = await aKept();
  await save(id, who, "sent already");

  await clear(id, who);
  await clear(id, who);

  await expect(read(id, who)).rejects.toMatchObject({ code: 404 });
  await expect(save(id, who, "late", { version: 1 })).rejects.toMatchObject({ code: 412 });
  const fresh = await save(id, who, "a new one");
  expect(fresh.version).toBe(3);
  await expect(save(id, who, "late", { version: 1 })).rejects.toMatchObject({ code: 412 });
  expect(await read(id, who)).toEqual(fresh);
});

test("F163, F164: saving clears the draft in its own transaction, or not at all", async () => {
  const { aKept, read, save } = await startDrafts();
  const who = present();
  const { id } = await aKept();
  await save(id, who, "half an activity", { kind: "activity" });
  const saving = (fails: boolean) =>
    transaction("cases", async (session) => {
      await clearDraft(idOf(who), id, "activity", session);
      if (fails) throw new Error("not saved");
    });

  await expect(saving(true)).rejects.toThrow("not saved");
  expect(await read(id, who, "activity")).toMatchObject({ version: 1 });
  await saving(false);
  await saving(false);

  await expect(read(id, who, "activity")).rejects.toMatchObject({ code: 404 });
});

test("D04, G04, F125: what cannot be acted on takes no draft", async () => {
  const { aKept, read, save, clear } = await startDrafts();
  const other = await startDrafts({ scope: { ...aScope("sales"), showOtherCampaigns: true } });
  const none = await startDrafts({ scope: aScope("sales") });
  const who = present();
  const closed = await aKept({ status: "closed" });

  await expect(save(closed.id, who, "x")).rejects.toMatchObject({ type: "CASE_CLOSED" });
  await expect(read(closed.id, who)).rejects.toMatchObject({ code: 404 });
  await clear(closed.id, who);
  for (const [started, code] of [
    [other, 403],
    [none, 404],
  ] as const) {
    const { id } = await started.aKept();
    await expect(started.save(id, who, "x")).rejects.toMatchObject({ code });
    await expect(started.read(id, who)).rejects.toMatchObject({ code });
    await expect(started.clear(id, who)).rejects.toMatchObject({ code });
  }
});

test.each([
  ["nothing", ""],
  ["too much", "x".repeat(120_001)],
  ["a NUL", "a\u0000"],
])("a draft is refused by name for %s", async (_, content) => {
  const { aKept, save } = await startDrafts();
  const { id } = await aKept();

  await expect(save(id, present(), content)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path: "content" }] },
  });
});
