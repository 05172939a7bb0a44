/** Files follow a merged case, and are read with the survivor's until they have (F094, P7). */
import { expect, test } from "@jest/globals";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { announced, as } from "#shared/testing/bus.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { start } from "./a-file.samples.ts";

test("F094, F186, P7: the survivor's files are those of both, before and after they have moved", async () => {
  const { bus, aCase, aFileOf } = await start();
  await prepare("channels", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("channels", testLogger());
  onTestFinished(() => relay.stop());
  const absorbedId = newId();
  const survivor = aCase({ formerIds: [absorbedId] });
  const [own, theirs] = [
    await aFileOf({ caseId: survivor.id }),
    await aFileOf({ caseId: absorbedId }),
  ];
  const list = async () => {
    const { items } = await bus.call("files.listOfCase", { id: survivor.id }, as("agent"));
    return items.map(({ id, caseId }) => [id, caseId]);
  };
  const both = [
    [theirs.id, survivor.id],
    [own.id, survivor.id],
  ];
  const mergeId = newId();

  expect(await list()).toEqual(both);
  expect(await bus.call("files.countOfCases", { caseIds: [absorbedId] })).toEqual({ count: 1 });
  await write("channels", as("administrator"), (tx) => {
    tx.announce({
      event: "interactions.caseMoved",
      aggregate: { kind: "case", id: absorbedId, version: 1 },
      data: { mergeId, caseId: absorbedId, into: survivor.id },
    });
    return Promise.resolve();
  });
  await takenIn("files", "interactions.caseMoved");

  expect(await list()).toEqual(both);
  expect(await bus.call("files.countOfCases", { caseIds: [absorbedId] })).toEqual({ count: 0 });
  const told = (await announced("files", "files.caseMoved")).filter(
    ({ data }) => data.mergeId === mergeId,
  );
  expect(told).toMatchObject([{ data: { moved: 1 } }]);
});

test("D03: the files of a merged case are asked for at the survivor", async () => {
  const { bus, aCase } = await start();
  const survivor = aCase({ formerNumbers: [1_042] });

  const old = bus.call("files.listOfCase", { id: "1042" }, as("agent"));

  await expect(old).rejects.toMatchObject({
    code: 308,
    type: "MOVED",
    data: { what: "case", id: "1042", survivorId: survivor.id },
  });
});
