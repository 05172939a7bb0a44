/** The short form of `npm run drill:imports`: an import while the processes that work on it are killed. */
import { expect, test } from "@jest/globals";
import { until } from "#shared/testing/until.ts";
import { importsInto } from "../e2e/importing.ts";
import { startNode } from "../system/nodes.ts";
import { beside, makeInbox, startSystem } from "../system/system.ts";
import { aBook, Imported } from "./importing.ts";

const rows = 400;
const victims = ["imports", "customers,cases"];

test("P6, B03: an import goes on after each kill, and every row is exactly once done or rejected", async () => {
  const { MONGODB_URL, NATS_URL } = process.env;
  const servers = { mongodbUrl: String(MONGODB_URL), natsUrl: String(NATS_URL) };
  const system = await startSystem(servers, [beside("imports", "customers", "cases"), ...victims]);
  const database = new Imported(servers.mongodbUrl, String(system.environment["NAMESPACE"]));
  try {
    const inbox = await makeInbox(system);
    const imports = importsInto(system, inbox.campaignId);
    const { bytes, bad } = await aBook(rows);
    // a service that has just started may not know all the others yet
    const tried = await until(() =>
      imports.checked(bytes, { options: { createCases: true } }).catch(() => undefined),
    );
    expect(tried.counts).toMatchObject({ rows, valid: rows - bad, rejected: bad });

    await imports.ask("POST", `${tried.id}/run`, undefined, {});
    for (const [place, victim] of victims.entries()) {
      const reached = (rows / 3) * (place + 0.5);
      const has = async () => {
        const answer = await imports.ask("GET", tried.id);
        if (answer.status !== 200) return false;
        const { progress, state } = answer.json<typeof tried>();
        return progress.done >= reached || state === "done";
      };
      await until(has, { everyMs: 5, withinMs: 60_000 });
      await system.nodes[place + 1]?.kill();
      system.nodes[place + 1] = startNode(victim, system.environment);
    }
    const over = async () => {
      const answer = await imports.ask("GET", tried.id);
      return answer.status === 200 && answer.json<typeof tried>().state === "done";
    };
    await until(over, { withinMs: 90_000, everyMs: 100 });

    expect((await imports.get(tried.id)).counts).toEqual(tried.counts);
    expect(await database.faults(tried.id, rows, bad)).toEqual([]);
  } finally {
    await database.close();
    await system.stop();
  }
}, 240_000);
