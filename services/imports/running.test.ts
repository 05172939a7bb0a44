/** What becomes of imports when neighbours refuse, or whoever began one is gone. */
import { expect, test } from "@jest/globals";
import { Readable } from "node:stream";
import type { Meta } from "#shared/bus.ts";
import type { ImportOptions } from "#shared/contracts/imports/import.ts";
import { conflict } from "#shared/errors.ts";
import { newId } from "#shared/ids.ts";
import { announced, as, standIn, startBus } from "#shared/testing/bus.ts";
import { aCampaign } from "#shared/testing/campaigns.ts";
import { until } from "#shared/testing/until.ts";
import { bookOf } from "../../tests/workbook.ts";
import imports from "./imports.service.ts";

const rosa = as("supervisor", { id: "rosa" });
const headings = ["Document type", "Document number", "First name"];

/** Imports between neighbours that do as they are told. */
async function start() {
  const campaignId = newId();
  const world = {
    role: "supervisor" as "supervisor" | "agent",
    supervises: true,
    open: 3,
    busy: 0,
    broken: 0,
    asked: [] as Meta[],
  };
  const bus = await startBus(
    imports,
    standIn("campaigns", {
      describe: () => aCampaign(campaignId),
      scopesOf: () =>
        world.supervises
          ? [
              {
                ...{ campaignId, as: "supervisor" as const, channelIds: [] },
                ...{ agentsSeeAllCases: true, showOtherCampaigns: false },
              },
            ]
          : [],
    }),
    standIn("identity", {
      namesOf: ({ params: { ids } }) =>
        ids.map((id) => ({ id, name: id, role: world.role, disabled: false })),
    }),
    standIn("customers", {
      importRecords({ params: { records, dryRun }, meta }) {
        if (!dryRun && world.broken > 0) {
          world.broken -= 1;
          throw new Error("a fault of ours");
        }
        if (!dryRun) world.asked.push(meta);
        return records.map(({ key, accounts }) => ({
          ...{ key, outcome: "created" as const, accountsDeleted: 0 },
          accounts: accounts.map(({ row }) => ({ row, outcome: "created" as const })),
          ...(dryRun ? {} : { customerId: `c-${String(key)}` }),
        }));
      },
    }),
    standIn("cases", {
      countClosable: () => ({ count: world.open }),
      bulkClose() {
        if (world.busy > 0) {
          world.busy -= 1;
          throw conflict("TOO_MANY_JOBS", "Some of your jobs have to end first");
        }
        return aJob("running", 0);
      },
      getBulkJob: () => aJob("done", world.open),
    }),
  );
  const upload = async (rows: string[][], options: Partial<ImportOptions> = {}) => {
    const stream = Readable.from([await bookOf([headings, ...rows])], { objectMode: false });
    const asked = { campaignId, fileName: "a.xlsx", maxBytes: 1_000_000, options };
    return (await bus.call("imports.upload", asked, { ...rosa, stream })).import;
  };
  const reaches = (id: string, ...states: string[]) =>
    until(
      async () => {
        const one = await bus.call("imports.get", { id }, as("administrator"));
        return states.includes(one.state) && one;
      },
      { withinMs: 30_000 },
    );
  const run = (id: string, token?: string) =>
    bus.call("imports.run", { id, ...(token ? { confirmationToken: token } : {}) }, rosa);
  return { bus, world, upload, reaches, run };
}

const aJob = (state: "running" | "done", done: number) => ({
  ...{ id: "job", kind: "close" as const, state, total: 3, done, refused: 0 },
  ...{ createdAt: new Date(), createdBy: "rosa" },
});

const aRow = (place: number) => ["CC", `1${String(place).padStart(6, "0")}`, "Ada"];

test("P6, D18: what is imported is done in the name of who ran it, and told of when it is over", async () => {
  const { world, upload, reaches, run } = await start();
  const { id } = await upload(Array.from({ length: 250 }, (_, place) => aRow(place)));
  await reaches(id, "checked");
  await run(id);
  const done = await reaches(id, "done");

  expect(done).toMatchObject({
    counts: { valid: 250, customersCreated: 250 },
    progress: { done: 250, total: 250, phase: "over" },
  });
  expect(world.asked).toHaveLength(3);
  expect(world.asked[0]).toMatchObject({ actor: { id: "rosa" }, requestId: id });
  const told = await announced("imports", "imports.finished");
  expect(told.filter(({ data }) => data.id === id)).toMatchObject([
    { data: { state: "done" }, aggregate: { version: 3 } },
  ]);
});

test("P6: a fault that passes holds an import up, and one that stays ends it", async () => {
  const { world, upload, reaches, run } = await start();
  world.broken = 1;
  const passing = await upload([aRow(1)]);
  await reaches(passing.id, "checked");
  await run(passing.id);
  expect(await reaches(passing.id, "done")).toMatchObject({ counts: { customersCreated: 1 } });

  world.broken = 100;
  const { id } = await upload([aRow(2)]);
  await reaches(id, "checked");
  await run(id);
  expect(await reaches(id, "failed")).toMatchObject({
    fault: { code: expect.any(String) },
    counts: { customersCreated: 0 },
  });
}, 60_000);

test.each([
  ["in another role", { role: "agent" as const }],
  ["no supervisor of the campaign", { supervises: false }],
])("G04: nothing more is imported for who is %s meanwhile", async (_what, change) => {
  const { world, upload, reaches, run } = await start();
  const { id } = await upload([aRow(1)]);
  await reaches(id, "checked");
  await run(id).then(() => Object.assign(world, change));

  const over = await reaches(id, "failed", "done");
  // whichever was first; it is never both
  expect([over.state, world.asked.length]).toEqual(
    over.state === "done" ? ["done", 1] : ["failed", 0],
  );
});

test("F220, D15: cases are closed before any row is imported, once other jobs let it", async () => {
  const { world, upload, reaches, run } = await start();
  world.busy = 1;
  const { id } = await upload([aRow(1)], { closeOpenCases: true });
  const { confirmationToken, counts } = await reaches(id, "checked");
  expect(counts.casesClosed).toBe(3);

  await run(id, confirmationToken);

  expect(await reaches(id, "done")).toMatchObject({ closingJobId: "job", counts });
});

test("F220: more open cases than one job closes are too many", async () => {
  const { world, upload, reaches } = await start();
  world.open = 20_001;
  const { id } = await upload([aRow(1)], { closeOpenCases: true });

  expect(await reaches(id, "refused")).toMatchObject({ fault: { code: "TOO_MANY_OPEN_CASES" } });
});
