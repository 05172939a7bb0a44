import { Readable } from "node:stream";
import { expect, test } from "@jest/globals";
import type { Broker } from "#shared/bus.ts";
import { notFound } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { as, standIn, startBus } from "#shared/testing/bus.ts";
import files from "./files.service.ts";

test("B09: who may see the case may open its file; to others it does not exist", async () => {
  const visible = newId();
  const bus = await startBus(files, casesShowing(visible));
  const [seen, hidden] = [await aFileOf(bus, visible), await aFileOf(bus, newId())];

  expect(await bus.call("files.open", { id: seen.id }, as("agent"))).toEqual(seen);
  for (const id of [hidden.id, newId()]) {
    await expect(bus.call("files.open", { id }, as("agent"))).rejects.toMatchObject({
      code: 404,
      type: "NOT_FOUND",
      data: { what: "file", id },
    });
  }
});

test("B09: a file of no case is for administrators", async () => {
  const bus = await startBus(files, casesShowing(newId()));
  const file = await aFileOf(bus);

  expect(await bus.call("files.open", { id: file.id }, as("administrator"))).toEqual(file);
  for (const role of ["supervisor", "agent"] as const) {
    await expect(bus.call("files.open", { id: file.id }, as(role))).rejects.toMatchObject({
      type: "NOT_FOUND",
    });
  }
});

test("while cases are away a file cannot be opened: 503, not 404", async () => {
  const bus = await startBus(files);
  const file = await aFileOf(bus, newId());

  await expect(bus.call("files.open", { id: file.id }, as("agent"))).rejects.toMatchObject({
    code: 503,
  });
});

/** Cases of which everybody may see one. */
function casesShowing(visibleId: string) {
  return standIn("cases", {
    access({ params: { id } }) {
      if (id !== visibleId) throw notFound("case", id);
      return { id, number: 1, campaignId: newId(), customerId: newId(), closed: false };
    },
  });
}

async function aFileOf(bus: Broker, caseId?: string) {
  const stream = Readable.from([Buffer.from("hello")]);
  const file = await bus.call(
    "files.store",
    { name: "hello.txt", declaredType: "text/plain", maxBytes: 100 },
    { ...as("connector"), stream },
  );
  if (!caseId) return file;
  const owner = { ownerKind: "interaction", ownerId: newId(), caseId };
  await bus.call("files.claim", { ids: [file.id], ...owner });
  return file;
}
