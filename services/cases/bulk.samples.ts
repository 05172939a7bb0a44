/** What tests of jobs over many cases begin with. */
import type { BulkRow } from "#shared/contracts/cases/bulk.ts";
import type { Meta } from "#shared/bus.ts";
import { until } from "#shared/testing/until.ts";
import { administrator, start as startUsual, supervisor, type Said } from "./closing.samples.ts";

type Who = { meta: Meta };

/** The usual office, and what happens to a job in it. */
export async function start(said: Said = {}) {
  const office = await startUsual(said);
  const { bus } = office;
  const finished = (id: string, who: Who) =>
    until(async () => {
      const job = await bus.call("cases.getBulkJob", { id }, who);
      return ["done", "cancelled"].includes(job.state) && job;
    });
  const rows = async (id: string, who: Who) => {
    const all: BulkRow[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const paging = { limit: 200, ...(cursor ? { cursor } : {}) };
      const page = await bus.call("cases.listBulkRows", { id, ...paging }, who);
      all.push(...page.items);
      cursor = page.nextCursor;
    }
    return all;
  };
  const close = async (asked: object, who: Who = supervisor()) => {
    const { id } = await bus.call("cases.bulkClose", asked, who);
    return { id, job: await finished(id, who), rows: await rows(id, who) };
  };
  const statusOf = async (id: string) =>
    (await bus.call("cases.get", { id }, administrator)).status;
  return { ...office, finished, rows, close, statusOf };
}
