/** Drafts: whose they are, how long they are kept, and where they go with their case and its customer (B12). */
import { expect, test } from "@jest/globals";
import { outbox } from "#shared/events/outbox.ts";
import { newId } from "#shared/ids.ts";
import { transaction } from "#shared/mongo/transaction.ts";
import { startDrafts } from "./drafts.samples.ts";
import * as store from "./drafts.store.ts";
import { idOf, present } from "./presence.samples.ts";

test("F162: a draft that is not saved again goes by itself", async () => {
  const { aKept, read, save } = await startDrafts();
  const who = present();
  const { id } = await aKept();
  const { expiresAt, updatedAt } = await save(id, who, "old");
  expect(Number(expiresAt) - Number(updatedAt)).toBe(30 * 86_400_000);
  const place = { userId: idOf(who), caseId: id, kind: "message" as const };
  await store.drafts.native().updateOne(place, { $set: { expiresAt: new Date(Date.now() - 1) } });

  await expect(read(id, who)).rejects.toMatchObject({ code: 404 });
  await expect(save(id, who, "old", { version: 1 })).rejects.toMatchObject({ code: 412 });
  expect(await save(id, who, "new")).toMatchObject({ content: "new", version: 1 });
  const indexes = await store.drafts.native().indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ expireAfterSeconds: 0 }));
});

test("a user has a bounded number of drafts", async () => {
  const { aKept, save } = await startDrafts();
  const who = present();
  const kept = { kind: "message" as const, content: "x", version: 1 };
  const at = new Date();
  const times = { createdAt: at, updatedAt: at, expiresAt: new Date(Number(at) + 1e8) };
  await store.drafts.native().insertMany(
    Array.from({ length: 200 }, () => ({
      _id: newId(),
      userId: idOf(who),
      caseId: newId(),
      ...kept,
      ...times,
    })),
  );
  const { id } = await aKept();

  await expect(save(id, who, "one more")).rejects.toMatchObject({
    code: 409,
    type: "TOO_MANY_DRAFTS",
  });
});

test("P7: drafts move with their case; of two of a user the newer one stays", async () => {
  const { aKept, read, save, clear } = await startDrafts();
  const [ada, bo, cy, di] = [present(), present(), present(), present()];
  const [from, to] = [await aKept(), await aKept()];
  await save(from.id, ada, "alone");
  await save(from.id, bo, "older");
  await save(to.id, bo, "newer there");
  await save(to.id, cy, "older there");
  await save(from.id, cy, "newer");
  await save(to.id, di, "there");
  await save(from.id, di, "sent");
  await clear(from.id, di);

  for (let count = 0; count < 2; count += 1) {
    await transaction("cases", (session) => store.moveToCase(from.id, to.id, session));
  }

  const said = await Promise.all([ada, bo, cy, di].map((who) => read(to.id, who)));
  expect(said.map(({ content }) => content)).toEqual(["alone", "newer there", "newer", "there"]);
  expect(await store.drafts.native().countDocuments({ caseId: from.id })).toBe(0);
});

test("B08: a person is shown the drafts on the own cases, and they go with the person", async () => {
  const { bus, aKept, read, save } = await startDrafts();
  const who = present();
  const customerId = newId();
  const { id } = await aKept({ customerId });
  await save(id, who, "Dear Ada");
  const subject = { customerIds: [customerId], addresses: [] };
  const pages = async (action: "cases.personalData" | "cases.erasePersonalData") => {
    const found: object[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await bus.call(action, { subject, ...(cursor ? { cursor } : {}) });
      found.push(page);
      cursor = page.nextCursor;
    }
    return found;
  };

  const shown = await pages("cases.personalData");
  const erased = await pages("cases.erasePersonalData");

  expect(JSON.stringify(shown)).toContain("Dear Ada");
  expect(erased).toContainEqual(expect.objectContaining({ kind: "draft", changed: 1 }));
  await expect(read(id, who)).rejects.toMatchObject({ code: 404 });
  expect(await store.drafts.native().countDocuments({ caseId: id })).toBe(0);
});
test("B12: a draft is nobody else's, not an administrator's either, and is told to nobody", async () => {
  const { aKept, read, save, clear } = await startDrafts();
  const who = present();
  const { id } = await aKept();
  const canary = `canary-${newId()}`;
  await save(id, who, canary);

  for (const other of [present(), present("administrator")]) {
    await expect(read(id, other)).rejects.toMatchObject({ code: 404 });
    await clear(id, other);
    expect(await save(id, other, "own")).toMatchObject({ version: 1, content: "own" });
  }

  expect(await read(id, who)).toMatchObject({ content: canary });
  const rows = await outbox("cases").find().toArray();
  expect(JSON.stringify(rows)).not.toContain(canary);
});
