/** Making many cases by hand as a job: each as one alone would be made, and once (F060-F068). */
import { expect, test } from "@jest/globals";
import { until } from "#shared/testing/until.ts";
import { administrator, agent, command, start, supervisor } from "./closing.samples.ts";
import { rows as table } from "./bulk-tables.store.ts";

async function startCreating() {
  const office = await start();
  const { bus } = office;
  const create = async (cases: object[], who = supervisor()) => {
    const { id } = await bus.call("cases.bulkCreate", { cases: cases as never }, who);
    const job = await until(async () => {
      const one = await bus.call("cases.getBulkJob", { id }, who);
      return one.state === "done" && one;
    });
    return { job, rows: (await bus.call("cases.listBulkRows", { id }, who)).items };
  };
  return { ...office, create };
}

const aForm = (said: object = {}) => ({
  ...{ customerId: "lovelace", description: "Came to the desk", campaignId: "support" },
  ...said,
});

test("F060, F062: each is made as alone, with its own result; a bad one spoils no other", async () => {
  const { bus, create, made } = await startCreating();

  const { job, rows } = await create([
    aForm({ subject: "First" }),
    aForm({ customerId: "nobody" }),
    { customer: { firstName: "Grace" }, description: "New here", campaignId: "support" },
    aForm({ campaignId: "sales" }),
    aForm({ description: "  " }),
  ]);

  expect(job).toMatchObject({ kind: "create", state: "done", total: 5, done: 2, refused: 3 });
  expect(rows.map(({ outcome }) => outcome)).toEqual([
    ...["done", "refused", "done", "refused", "refused"],
  ]);
  expect(rows[1]).toMatchObject({ status: 422, errors: [{ path: "customerId" }] });
  expect(rows[3]).toMatchObject({ errors: [{ path: "campaignId" }] });
  const [first, , third] = rows;
  const kase = await bus.call("cases.get", { id: String(first?.caseId) }, administrator);
  expect(kase).toMatchObject({
    ...{ number: first?.number, subject: "First", status: "new", createdBy: "rosa" },
  });
  const other = await bus.call("cases.get", { id: String(third?.caseId) }, administrator);
  expect(other.customerId).toBe("Grace");
  expect(made).toEqual(["Grace"]);
});

test("F060: what an agent makes is the agent's, as one alone would be", async () => {
  const { bus, create } = await startCreating();

  const { rows } = await create([aForm()], agent());

  const kase = await bus.call("cases.get", { id: String(rows[0]?.caseId) }, administrator);
  expect(kase).toMatchObject({ assigneeId: "ada", createdBy: "ada" });
});

test("P16, B08: what a case was made of does not stay with the job", async () => {
  const { create } = await startCreating();
  const secret = `canary-${crypto.randomUUID()}`;

  const { job } = await create([
    aForm({ description: secret }),
    aForm({ customerId: "nobody", description: secret }),
  ]);

  const kept = await table.native().find({ jobId: job.id }).toArray();
  expect(kept).toHaveLength(2);
  expect(JSON.stringify(kept)).not.toContain(secret);
});

test.each([
  [[], "cases", "arrayMin"],
  [[aForm({ $set: 1 })], "cases[0].$set", "unknownField"],
  [[aForm(), aForm({ priority: "urgent" })], "cases[1].priority", "enumValue"],
  [[aForm(), { customerId: "ada" }], "cases[1].description", "required"],
])("F068: %j is refused by field, and nothing begins", async (cases, path, code) => {
  const { bus } = await start();

  const refused = bus.call("cases.bulkCreate", { cases: cases as never }, supervisor());

  await expect(refused).rejects.toMatchObject({
    code: 422,
    data: { errors: [expect.objectContaining({ path, code })] },
  });
});

test("B01: the same command begins one job", async () => {
  const { bus } = await start();
  const once = command(supervisor());
  const asked = { cases: [aForm()] };

  const job = await bus.call("cases.bulkCreate", asked, once);

  expect(await bus.call("cases.bulkCreate", asked, once)).toEqual(job);
});
