/** The change log of one case, with all that belongs to it (F114-F117). */
import { beforeEach, expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import type { ChangeEntry } from "#shared/contracts/audit.ts";
import { moved, notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { database } from "#shared/mongo/connection.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import audit from "./audit.service.ts";
import { add } from "./changes.store.ts";

const admin = as("administrator");
const numbers = new Map<string, string>();

let bus: Broker;
beforeEach(async () => {
  bus = await startBus(
    audit,
    standIn("cases", {
      access({ params: { id: asked } }) {
        if (asked === "unknown") throw notFound("case", asked);
        if (asked === "absorbed") throw moved("case", asked, "survivor");
        const id = numbers.get(asked) ?? asked;
        return { id, number: 7, campaignId: "support", customerId: "ada", closed: false };
      },
    }),
    standIn("identity", {
      namesOf: () => [{ id: "bo", name: "Bo", role: "agent", disabled: false }],
    }),
  );
});

const day = (date: number) => new Date(Date.UTC(2026, 0, date));

const anEntry = (more: Partial<ChangeEntry> = {}): ChangeEntry => ({
  ...{ id: newId(), event: "cases.changed", aggregate: "case", aggregateId: newId() },
  ...{ aggregateVersion: 2, actorKind: "user", actorId: newId(), actorName: "Ada" },
  ...{ changes: [{ field: "priority", old: "low", new: "high" }], at: day(1) },
  ...more,
});

const ofNote = (caseId: string, more: Partial<ChangeEntry> = {}) =>
  anEntry({ event: "cases.noteAdded", aggregate: "note", caseId, ...more });

const read = (id: string, more: object = {}) => bus.call("audit.ofCase", { id, ...more }, admin);
const idsOf = ({ items }: { items: ChangeEntry[] }) => items.map((one) => one.id);

test("F115: every change of a case and of what belongs to it, newest first, and of no other", async () => {
  const caseId = newId();
  const own = anEntry({ aggregateId: caseId, at: day(1) });
  const note = ofNote(caseId, { at: day(2) });
  const file = anEntry({ aggregate: "file", event: "files.deleted", caseId, at: day(3) });
  await add([own, note, file, anEntry(), ofNote(newId())]);
  numbers.set("1042", caseId);

  expect(await read(caseId)).toEqual({ items: [file, note, own], nextCursor: null });
  expect(idsOf(await read("1042"))).toEqual([file.id, note.id, own.id]);
});

test("F116: an entry says what was done, old and new, when, and who by name", async () => {
  const caseId = newId();
  const { actorName: _nameless, ...nameless } = anEntry({ aggregateId: caseId, actorId: "bo" });
  await add([nameless]);

  const { items } = await read(caseId);

  expect(items).toEqual([{ ...nameless, actorName: "Bo" }]);
});

test("F117: the log of a range of time, its start included, its end not, page by page", async () => {
  const caseId = newId();
  const entries = [1, 2, 2, 3, 4].map((date, place) =>
    place % 2 === 0
      ? anEntry({ aggregateId: caseId, at: day(date) })
      : ofNote(caseId, { at: day(date) }),
  );
  await add(entries);
  const range = { from: day(2), to: day(4), limit: 2 };

  const first = await read(caseId, { ...range, count: true });
  const second = await read(caseId, { ...range, cursor: first.nextCursor! });

  const [, b, c, d] = entries.map(({ id }) => id);
  const firstTwo = [b, c].sort().reverse();
  expect([...idsOf(first), ...idsOf(second)]).toEqual([d, ...firstTwo]);
  expect([first.total, second.nextCursor]).toEqual([3, null]);
});

test("F115: a page reads no more of the log than it shows", async () => {
  const caseId = newId();
  await add(
    Array.from({ length: 300 }, (_, place) => {
      const at = new Date(day(10).getTime() + place);
      return place % 2 === 0 ? anEntry({ aggregateId: caseId, at }) : ofNote(caseId, { at });
    }),
  );
  const { db } = database("audit");
  await db!.command({ profile: 2 });
  onTestFinished(() => db!.command({ profile: 0 }).then(() => undefined));

  const { nextCursor } = await read(caseId, { limit: 10 });
  await read(caseId, { limit: 10, cursor: nextCursor });
  await read(caseId, { limit: 10, from: day(10), to: day(11) });

  const reads = await db!
    .collection("system.profile")
    .find({ "command.find": "changes" })
    .toArray();
  expect(reads).toHaveLength(3);
  for (const one of reads) {
    expect(one["docsExamined"]).toBeLessThan(14);
    expect(one["keysExamined"]).toBeLessThan(30);
  }
});

test("F114, D03: there is no log of a case that there is not; a merged one's survivor is named", async () => {
  await expect(read("unknown")).rejects.toMatchObject({ code: 404 });
  await expect(read("absorbed")).rejects.toMatchObject({
    code: 308,
    data: { survivorId: "survivor" },
  });
});

test.each([
  ["from", { from: "yesterday" }],
  ["to", { to: 5 }],
  ["cursor", { cursor: "nonsense" }],
  ["actorId", { actorId: "bo" }],
])("F117: a bad question is refused at %s", async (path, more) => {
  await expect(read(newId(), more)).rejects.toMatchObject({
    code: 422,
    data: { errors: [{ path }] },
  });
});
