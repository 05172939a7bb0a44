/** What the conversation says of an attachment whose file was deleted (D16). */
import { expect, test } from "@jest/globals";
import { inboxTable } from "#shared/events/inbox.ts";
import { outboxTable } from "#shared/events/outbox.ts";
import { startRelay } from "#shared/events/relay.ts";
import { newId } from "#shared/ids.ts";
import { prepare } from "#shared/mongo/store.ts";
import { commandsTable, write } from "#shared/mongo/write.ts";
import { as } from "#shared/testing/bus.ts";
import { takenIn, testLogger } from "#shared/testing/events.ts";
import { onTestFinished } from "#shared/testing/finished.ts";
import { agent, day, start } from "./of-customer.samples.ts";

/** Announces the deletion of a file as the files service does. */
async function announceDeleted(data: { id: string; ownerKind?: string; ownerId?: string }) {
  await prepare("files", [outboxTable, inboxTable, commandsTable]);
  const relay = await startRelay("files", testLogger());
  onTestFinished(() => relay.stop());
  await write("files", agent, (tx) => {
    const aggregate = { kind: "file", id: data.id, version: 2 };
    tx.announce({ event: "files.deleted", aggregate, data });
    return Promise.resolve();
  });
  await takenIn("channels", "files.deleted");
}

const anAttachment = (name: string) => ({
  id: newId(),
  name,
  contentType: "application/pdf",
  size: 3,
});

test("F187, D16: the interaction says of a deleted attachment when and by whom, its name stays", async () => {
  const { bus, keep } = await start();
  const [gone, stays] = [anAttachment("gone.pdf"), anAttachment("stays.pdf")];
  const [kept] = await keep({ at: day(1), attachments: [gone, stays] });
  const { id } = kept!;

  await announceDeleted({ id: gone.id, ownerKind: "interaction", ownerId: id });

  const read = await bus.call("channels.getInteraction", { id }, as("administrator"));
  expect(read.attachments).toEqual([
    { ...gone, deletedAt: expect.any(Date), deletedBy: agent.meta.actor?.id },
    stays,
  ]);
});

test("D16: the deletion of what belongs to no interaction changes none", async () => {
  const { bus, keep } = await start();
  const attachment = anAttachment("stays.pdf");
  const [kept] = await keep({ at: day(1), attachments: [attachment] });
  const { id } = kept!;

  await announceDeleted({ id: attachment.id, ownerKind: "note", ownerId: id });
  await announceDeleted({ id: newId() });

  const read = await bus.call("channels.getInteraction", { id }, as("administrator"));
  expect(read.attachments).toEqual([attachment]);
});
